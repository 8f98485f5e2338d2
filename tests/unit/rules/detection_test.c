/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/fixture.h"

struct row {
    const char *detection;
    const char *event;
    bool holds;
};

Test(detection, maps_lists_and_keywords_combine_as_sigma_says)
{
    static const struct row rows[] = {
        {"    s: {a: 1, b: 2}\n    condition: s", "{\"a\":1,\"b\":2}", true},
        {"    s: {a: 1, b: 2}\n    condition: s", "{\"a\":1}", false},
        {"    s: [{a: 1}, {b: 2}]\n    condition: s", "{\"b\":2}", true},
        {"    s: [{a: 1}, {b: 2}]\n    condition: s", "{\"b\":1}", false},
        {"    s: [foo, bar]\n    condition: s", "{\"x\":{\"y\":\"a BAR b\"}}", true},
        {"    s: [foo, bar]\n    condition: s", "{\"x\":\"ba\",\"y\":\"r\"}", false},
        {"    s: foo\n    condition: s", "{\"x\":\"xfoox\"}", true},
        {"    s: {'|all': [foo, bar]}\n    condition: s", "{\"x\":\"foo\",\"y\":\"bar\"}", true},
        {"    s: {'|all': [foo, bar]}\n    condition: s", "{\"x\":\"foo\"}", false},
        {"    s: {'|re': 'fo+'}\n    condition: s", "{\"x\":\"foooo\"}", true},
        {"    s: 'f*o'\n    condition: s", "{\"x\":\"a f b o c\"}", true},
        {"    s: 'f*o'\n    condition: s", "{\"x\":\"f\",\"y\":\"o\"}", false},
        {"    s: [foo, {a: 1}]\n    condition: s", "{\"a\":1}", true},
        {"    s: {a: 1}\n    t: {b: 2}\n    condition: s and not t", "{\"a\":1}", true},
        {"    s: {a: 1}\n    t: {b: 2}\n    condition: s and not t", "{\"a\":1,\"b\":2}", false},
        {"    s: {a: 1}\n    t: {b: 2}\n    condition: [s, t]", "{\"b\":2}", true},
        {"    s: {a: 1}\n    condition: not s", "{}", true},
        {"    s: {a: 1}\n    t: {b: 2}\n    condition: s or not t", "{\"b\":1}", true},
        {"    s1: {a: 1}\n    s2: {b: 2}\n    condition: not 1 of s*", "{}", true},
        {"    s1: {a: 1}\n    s2: {b: 2}\n    condition: not all of s*", "{\"a\":1}", true},
        {"    s: {a: 1}\n    condition: s and s and not (not s)", "{\"a\":1}", true},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        problems_init(&f->problems, &f->arena);
        fixture_detection(f, rows[i].detection);
        cr_assert_eq(f->problems.errors, 0, "%s: %s", rows[i].detection, fixture_problem(f));
        cr_expect_eq(fixture_holds(f, rows[i].event), rows[i].holds, "%s on %s", rows[i].detection,
                     rows[i].event);
    }
    fixture_free(f);
}

Test(detection, mistakes_are_told_with_their_place)
{
    static const struct {
        const char *detection;
        const char *problem;
    } cases[] = {
        {"    s: {a: 1}", "4:5: the condition is missing"},
        {"    condition: s", "no search identifier"},
        {"    s: {a: 1}\n    condition: s and t", "5:22: condition: no search identifier"},
        {"    s: {}\n    condition: s", "4:8: an empty map"},
        {"    s: []\n    condition: s", "4:8: an empty list"},
        {"    s: {a: 1}\n    condition: []", "an empty list of conditions"},
        {"    s: {a: 1}\n    condition: {x: y}", "a condition is a text"},
        {"    s: {a: 1}\n    condition: s | count() > 3", "use a correlation"},
        {"    s: {a: 1}\n    timeframe: 5m\n    condition: s", "use a correlation"},
        {"    s: [null]\n    condition: s", "null is no keyword"},
        {"    s: [[a]]\n    condition: s", "a list inside a list"},
        {"    s: {a: 1}\n    condition: 1 of t*", "matches no search identifier"},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        problems_init(&f->problems, &f->arena);
        fixture_detection(f, cases[i].detection);
        const char *problem = fixture_problem(f);
        cr_expect(strstr(problem, cases[i].problem) != NULL, "%s: %s", cases[i].detection, problem);
        cr_expect_eq(ruleset_count(f->set), 0);
    }
    fixture_free(f);
}
