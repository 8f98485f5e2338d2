/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rule_test.h"
#include "tests/unit/rules/fixture.h"

#define RULES                                                                                      \
    "title: Failed\nid: failed\nlogsource: {}\ndetection: {s: {a: failed}, condition: s}\n---\n"   \
    "title: Many\nid: many\ncorrelation: {type: event_count, rules: [failed], group-by: [u], "     \
    "timespan: 1m, condition: {gte: 3}}\n"

/* What running one test with a timeline tells. */
static const char *run(struct fixture *f, const char *timeline, const char *rest)
{
    struct rule_test_file file;
    struct buffer out;
    struct slice text = arena_printf(
        &f->arena, "rule: many\ntests:\n  - {name: n, timeline: [%s], %s}\n", timeline, rest);
    const struct rules_source source = {SLICE("x/y.test.yml"), text};
    cr_assert(rule_test_read(&f->arena, &source, &f->problems, &file), "%s", fixture_problem(f));
    buffer_init(&out, 1 << 20);
    struct rule_tests tests = {
        .set = f->set, .scratch = f->scratch, .arena = &f->event, .out = &out};
    cr_assert(rule_tests_init(&tests, &f->arena));
    (void)rule_tests_run(&tests, &file);
    cr_expect_eq(rule_tests_rules(&tests), 2);
    cr_expect_eq(rule_tests_untested(&tests), 0, "a correlation's parts are tested with it");
    const char *told = arena_str(&f->arena, buffer_slice(&out));
    buffer_done(&out);
    return told;
}

Test(rule_test_timeline, correlations_fire_by_the_times_of_events)
{
    static const struct {
        const char *timeline;
        const char *rest;
        const char *told;
    } rows[] = {
        {"{ts: 0s, times: 3, every: 10s, event: {a: failed, u: x}}", "fires: 1", "1 of 1 passed"},
        {"{ts: 0s, times: 3, every: 40s, event: {a: failed, u: x}}", "fires: 0", "1 of 1 passed"},
        {"{ts: 0s, times: 3, event: {a: failed, u: x}}, {ts: 1s, times: 3, event: {a: failed, u: "
         "y}}",
         "fires: 2", "1 of 1 passed"},
        {"{ts: 0s, times: 2, event: {a: failed, u: x}}", "fires: 1",
         "FAIL x/y.test.yml:3: \"n\": fires 0 times over 2 events, expected 1\n"},
    };
    struct fixture *f = fixture_new();
    fixture_text(f, RULES);
    cr_assert_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *told = run(f, rows[i].timeline, rows[i].rest);
        cr_expect(strstr(told, rows[i].told) != NULL, "%s: %s", rows[i].timeline, told);
    }
    fixture_free(f);
}
