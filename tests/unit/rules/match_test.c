/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/fixture.h"

/* Small rules with everything that has led a prefilter astray, each under its own name. */
static const char *const detections[] = {
    "s: {a: x}\n    t: {b: y}\n    condition: s or not t",
    "s: {a|contains|cased: XY}\n    condition: s",
    "s: {a: 42}\n    condition: s",
    "s: {a: true}\n    condition: s",
    "s: {a|contains: x}\n    condition: s",
    "s: {a|contains: ''}\n    condition: s",
    "s: {a|endswith: xyz}\n    t: {b|startswith: q}\n    condition: s and not t",
    "s: {a|neq: x}\n    condition: s",
    "s: {a|re: 'x[0-9]y'}\n    condition: s",
    "s: {a|re|i: 'XYZ|abc'}\n    condition: s",
    "s: {a|gt: 5}\n    condition: s",
    "s: {a: null}\n    condition: s",
    "s: {a: ''}\n    condition: s",
    "s: {a: '?'}\n    condition: s",
    "s: {a: 'x*y?z'}\n    condition: s",
    "s: [xyz, '4?']\n    condition: s",
    "s: {'|all': [x, y]}\n    condition: s",
    "s: {a|fieldref: b}\n    condition: s",
    "s: {a|exists: false}\n    condition: s",
    "s: {a|startswith: \xc3\x89}\n    condition: s",
    "s: {a|contains: \xe2\x84\xaa}\n    condition: s",
    "s: {a|windash|contains: ' -x'}\n    condition: s",
    "s: {a: x, b: y}\n    condition: not s",
    "s: {a|endswith: x}\n    t: {a|startswith: x}\n    condition: not (not s and not t)",
};

static void load(struct fixture *f)
{
    enum { COUNT = sizeof(detections) / sizeof(detections[0]) };
    struct rules_source sources[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        sources[i].name = SLICE("m.yml");
        sources[i].text = arena_printf(
            &f->arena, "title: r%zu\nlogsource: {}\ndetection:\n    %s\n", i, detections[i]);
    }
    fixture_load(f, sources, COUNT);
    cr_assert_eq(f->problems.errors, 0, "%s", fixture_problem(f));
}

Test(match, the_index_never_changes_the_answer)
{
    static const char *const pieces[] = {"x",   "y",        "XY", "xyz", "x5y", "42",
                                         " /x", "\xc3\xa9", "k",  "",    "q",   "4"};
    static const char *const shapes[] = {
        "{\"a\":\"%s%s\"}", "{\"a\":\"%s\",\"b\":\"%s\"}", "{\"b\":\"%s\",\"c\":[\"%s\"]}",
        "{\"a\":[\"%s\",null,42,4.20e1,true],\"b\":\"%s\"}", "{\"a\":null,\"b\":{\"c\":\"%s%s\"}}"};
    struct fixture *f = fixture_new();
    load(f);
    for (size_t i = 0; i < 12; i++) {
        for (size_t j = 0; j < 12; j++) {
            for (size_t k = 0; k < 5; k++) {
                char json[128];
                /* The formats are those above: two texts each. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                snprintf(json, sizeof(json), shapes[k], pieces[i], pieces[j]);
#pragma GCC diagnostic pop
                (void)fixture_holds(f, json); /* compares both ways itself */
            }
        }
    }
    fixture_free(f);
}

Test(match, answers_ascend_and_are_cut_at_the_maximum)
{
    struct fixture *f = fixture_new();
    struct subject subject;
    load(f);
    const struct value *event = fixture_json(f, SLICE("{\"a\":\"x\"}"));
    subject_from_value(&subject, event, true, &f->event);
    uint32_t all = rules_match(f->set, f->scratch, &subject, f->indexes, 64);
    for (uint32_t i = 1; i < all; i++) {
        cr_expect_lt(f->indexes[i - 1], f->indexes[i]);
    }

    cr_expect_eq(rules_match(f->set, f->scratch, &subject, f->indexes, all), all);
    cr_expect_eq(rules_errors(f->scratch)->matches_cut, 0u);
    cr_expect_eq(rules_match(f->set, f->scratch, &subject, f->indexes, all - 1), all - 1);
    cr_expect_eq(rules_errors(f->scratch)->matches_cut, 1u);
    fixture_free(f);
}

Test(match, a_pattern_that_gives_up_is_counted_and_does_not_hold)
{
    struct fixture *f = fixture_new();
    char json[512];
    fixture_detection(f, "    s: {a|re: '(a+)+$'}\n    condition: s");
    memset(json, 'a', sizeof(json));
    memcpy(json, "{\"a\":\"", 6);
    memcpy(json + 480, "!\"}", 4);

    cr_expect_not(fixture_holds(f, json));
    cr_expect(rules_errors(f->scratch)->regex_limits > 0);
    cr_expect(rules_counts(f->scratch, 0)->errors > 0);
    fixture_free(f);
}

Test(match, an_arena_that_is_full_is_counted)
{
    struct fixture *f = fixture_new();
    char room[64];
    struct arena small;
    struct subject subject;
    fixture_detection(f, "    s: {a|contains: x}\n    condition: s");
    const struct value *event = fixture_json(
        f, SLICE("{\"a\":\"a text that is longer than the room there is for it, x\"}"));
    arena_over(&small, room, sizeof(room));
    subject_from_value(&subject, event, true, &small);

    (void)rules_match(f->set, f->scratch, &subject, f->indexes, 8);

    cr_expect_eq(rules_errors(f->scratch)->memory, 1u);
    fixture_free(f);
}

Test(match, counts_tell_what_was_looked_at)
{
    struct fixture *f = fixture_new();
    struct subject subject;
    fixture_detection(f, "    s: {a: x}\n    t: {b: y}\n    condition: s and not t");
    static const char *const events[] = {"{\"a\":\"x\"}", "{\"a\":\"x\",\"b\":\"y\"}",
                                         "{\"a\":\"z\"}"};
    for (size_t i = 0; i < 3; i++) {
        const struct value *event = fixture_json(f, slice_str(events[i]));
        subject_from_value(&subject, event, true, &f->event);
        (void)rules_match(f->set, f->scratch, &subject, f->indexes, 8);
    }

    cr_expect_eq(rules_counts(f->scratch, 0)->candidate, 2u);
    cr_expect_eq(rules_counts(f->scratch, 0)->matched, 1u);
    cr_expect_eq(rules_errors(f->scratch)->events, 3u);
    fixture_free(f);
}

Test(match, the_logsource_gates_every_rule)
{
    struct fixture *f = fixture_new();
    struct subject subject;
    fixture_text(f, "title: t\nlogsource: {product: windows}\n"
                    "detection: {s: {a: x}, condition: s}\n");
    static const struct {
        const char *event;
        uint32_t count;
    } cases[] = {{"{\"a\":\"x\",\"product\":\"windows\"}", 1},
                 {"{\"a\":\"x\",\"product\":\"linux\"}", 0},
                 {"{\"a\":\"x\"}", 1}};
    for (size_t i = 0; i < 3; i++) {
        const struct value *event = fixture_json(f, slice_str(cases[i].event));
        subject_from_value(&subject, event, false, &f->event);
        cr_expect_eq(rules_match(f->set, f->scratch, &subject, f->indexes, 8), cases[i].count, "%s",
                     cases[i].event);
    }
    fixture_free(f);
}
