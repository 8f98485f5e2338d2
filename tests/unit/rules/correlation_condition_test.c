/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/correlation_fixture.h"

Test(correlation_condition, bounds_are_checked_against_what_is_compared)
{
    static const struct load_case cases[] = {
        {"type: event_count, rules: a, timespan: 1m", "condition is missing"},
        {"type: event_count, rules: a, timespan: 1m, condition: {}", "needs one of gt, gte"},
        {"type: event_count, rules: a, timespan: 1m, condition: [1]", "a map such as gte: 3"},
        {"type: event_count, rules: a, timespan: 1m, condition: {min: 1}", "a condition has gt"},
        {"type: event_count, rules: a, timespan: 1m, condition: {gte: x}", "a number is expected"},
        {"type: event_count, rules: a, timespan: 1m, condition: {gte: 1.5}", "a whole number"},
        {"type: event_count, rules: a, timespan: 1m, condition: {gte: -1}", "a whole number"},
        {"type: event_count, rules: a, timespan: 1m, condition: {gte: 10000}", ""},
        {"type: event_count, rules: a, timespan: 1m, condition: {gte: 10001}", "at most 10000"},
        {"type: event_count, rules: a, timespan: 1m, condition: {gt: 5, lt: 6}", "no number"},
        {"type: event_count, rules: a, timespan: 1m, condition: {gte: 0}", "every number"},
        {"type: event_count, rules: a, timespan: 1m, condition: {gt: 2, lte: 4}", ""},
        {"type: temporal, rules: [a, b], timespan: 1m, condition: {gte: 3}", "no number"},
        {"type: temporal, rules: [a, b], timespan: 1m, condition: {lt: 1}", "write gte"},
        {"type: value_sum, rules: a, timespan: 1m, condition: {field: v, gt: -1.5}", ""},
        {"type: value_percentile, rules: a, timespan: 1m, condition: {field: v, gt: 1, "
         "percentile: 100}",
         ""},
        {"type: value_percentile, rules: a, timespan: 1m, condition: {field: v, gt: 1, "
         "percentile: 101}",
         "from 0 to 100"},
        {"type: value_avg, rules: a, timespan: 1m, condition: {field: v, gt: 1, percentile: 9}",
         "goes with the type value_percentile"},
    };
    load_check(cases, sizeof(cases) / sizeof(cases[0]));
}

Test(correlation_condition, texts_are_boolean_over_the_rules)
{
    static const struct load_case cases[] = {
        {"type: temporal, rules: [a, b], timespan: 1m, condition: a and not b", ""},
        {"type: temporal, timespan: 1m, condition: (a or b) and not (c or d)", ""},
        {"type: temporal, rules: [a, b], timespan: 1m, condition: a and c", ":23:77: condition: "},
        {"type: temporal, timespan: 1m, condition: a and e", "not there"},
        {"type: event_count, rules: a, timespan: 1m, condition: a", "only a temporal"},
        {"type: temporal_ordered, rules: a, timespan: 1m, condition: a", "only a temporal"},
    };
    load_check(cases, sizeof(cases) / sizeof(cases[0]));
}

Test(correlation_condition, a_text_has_as_many_words_as_the_limit_and_not_one_more)
{
    struct fixture *f = fixture_new();
    for (uint32_t extra = 0; extra < 2; extra++) {
        struct slice text = SLICE("a");
        for (uint32_t words = 1; words + 2 < CORRELATION_STEPS_MAX + 2 * extra; words += 2) {
            text = arena_printf(&f->arena, "%.*s or a", SLICE_ARG(text));
        }
        text = arena_printf(&f->arena, "not (%.*s)", SLICE_ARG(text));
        problems_init(&f->problems, &f->arena);
        struct slice yaml =
            arena_printf(&f->arena, REPLAY_ONE("type: temporal, timespan: 1m, condition: '%.*s'"),
                         SLICE_ARG(text));
        fixture_text(f, arena_str(&f->arena, yaml));
        cr_expect_eq(f->problems.errors, extra, "%s", fixture_problem(f));
    }
    fixture_free(f);
}
