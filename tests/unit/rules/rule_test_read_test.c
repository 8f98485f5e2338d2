/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rule_test.h"
#include "tests/unit/rules/fixture.h"

static bool read_text(struct fixture *f, const char *yaml, struct rule_test_file *out)
{
    const struct rules_source source = {SLICE("a.test.yml"), slice_str(yaml)};
    problems_init(&f->problems, &f->arena);
    return rule_test_read(&f->arena, &source, &f->problems, out);
}

Test(rule_test_read, takes_events_and_what_is_expected)
{
    struct fixture *f = fixture_new();
    struct rule_test_file file;
    cr_assert(read_text(f,
                        "rule: a.yml\nsentry: true\ntests:\n"
                        "  - {name: one, events: [{a: 1}, '{\"a\": 2}'], expect: match}\n"
                        "  - {name: two, sentry: false, events: [{a: 1}], matches: [x, y]}\n",
                        &file),
              "%s", fixture_problem(f));
    cr_expect(slice_eq(file.rules->of.text, SLICE("a.yml")));
    cr_assert_eq(file.count, 2);
    const struct rule_test *one = file.first;
    cr_expect(slice_eq(one->name, SLICE("one")) && one->is_sentry && !one->is_timeline);
    cr_expect_eq(one->kind, RULE_TEST_MATCH);
    cr_assert_eq(one->count, 2);
    cr_expect(value_get(one->events[1].event, SLICE("a")) != NULL, "JSON in a text");
    cr_expect_eq(one->next->kind, RULE_TEST_IDS);
    cr_expect_eq(one->next->ids->count, 2);
    cr_expect(!one->next->is_sentry, "a test may differ from its file");
    fixture_free(f);
}

Test(rule_test_read, a_timeline_repeats_events)
{
    struct fixture *f = fixture_new();
    struct rule_test_file file;
    cr_assert(read_text(f,
                        "tests:\n  - name: t\n    fires: 2\n    timeline:\n"
                        "      - {ts: 1m30s, event: {a: 1}, times: 3, every: 250ms}\n"
                        "      - {ts: 2h, event: {a: 2}}\n",
                        &file),
              "%s", fixture_problem(f));
    const struct rule_test *test = file.first;
    cr_assert_eq(test->count, 4);
    cr_expect_eq(test->fires, 2);
    cr_expect(test->is_timeline);
    cr_expect_eq(test->events[0].at_us, 90000000);
    cr_expect_eq(test->events[2].at_us, 90500000);
    cr_expect_eq(test->events[3].at_us, INT64_C(7200000000));
    cr_expect_eq(test->events[3].line, 6);
    fixture_free(f);
}

Test(rule_test_read, what_is_not_understood_is_refused_with_its_line)
{
    static const char *const bad[][2] = {
        {"tests:\n  - {name: a, events: [{a: 1}], expects: match}\n", "a.test.yml:2:"},
        {"tests:\n  - {name: a, events: [{a: 1}]}\n", "one of expect"},
        {"tests:\n  - {name: a, events: [{a: 1}], expect: maybe}\n", "match or none"},
        {"tests:\n  - {name: a, events: [7], expect: none}\n", "an event is a map"},
        {"tests:\n  - {name: a, events: [], expect: none}\n", "1 to 100000"},
        {"tests:\n  - {name: a, events: ['{'], expect: none}\n", "an event is a map"},
        {"tests:\n  - {name: a, timeline: [{ts: 1y, event: {a: 1}}], fires: 1}\n", "a time is"},
        {"tests:\n  - {name: a, timeline: [{at: 1s, event: {a: 1}}], fires: 1}\n", "rows have ts"},
        {"tests:\n  - {name: a, timeline: [{ts: 0s, event: {}, times: 100001}], fires: 1}\n",
         "1 to 100000"},
        {"tests:\n  - {name: a, events: [{}], expect: none, fires: 0}\n", "one of expect"},
        {"tests:\n  - {name: a, events: [{}], matches: x}\n", "list of rule ids"},
        {"tests: []\n", "list of tests"},
        {"rule: x\n", "`tests` is missing"},
        {"rules: x\ntests: []\n", "has `rule`"},
        {"rule: [1]\ntests: []\n", "`rule` is"},
        {"sentry: 1\ntests: []\n", "true or false"},
        {"- 1\n", "one map"},
        {"", "one map"},
    };
    struct fixture *f = fixture_new();
    struct rule_test_file file;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        cr_expect(!read_text(f, bad[i][0], &file), "%s", bad[i][0]);
        cr_expect(strstr(fixture_problem(f), bad[i][1]) != NULL, "%s: %s", bad[i][0],
                  fixture_problem(f));
    }
    fixture_free(f);
}

Test(rule_test_read, at_most_the_limit_of_events)
{
    struct fixture *f = fixture_new();
    struct rule_test_file file;
    cr_expect(read_text(f,
                        "tests:\n  - {name: a, timeline: [{ts: 0s, event: {}, times: 100000}], "
                        "fires: 1}\n",
                        &file));
    cr_expect_eq(file.first->count, RULE_TEST_EVENTS_MAX);
    fixture_free(f);
}

Test(rule_test_read, spans_are_numbers_with_units)
{
    static const struct {
        const char *text;
        int64_t us; /* -1: refused */
    } rows[] = {{"0s", 0},
                {"12", 12000000},
                {"250ms", 250000},
                {"1m30s", 90000000},
                {"1h", INT64_C(3600000000)},
                {"2d", INT64_C(172800000000)},
                {"3650d", INT64_C(315360000000000)},
                {"3651d", -1},
                {"", -1},
                {"s", -1},
                {"1w", -1},
                {"-1s", -1},
                {"1.5s", -1},
                {"9999999999999s", -1}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        int64_t us = -1;
        cr_expect_eq(rule_test_span(slice_str(rows[i].text), &us), rows[i].us >= 0, "%s",
                     rows[i].text);
        cr_expect_eq(us, rows[i].us, "%s", rows[i].text);
    }
}
