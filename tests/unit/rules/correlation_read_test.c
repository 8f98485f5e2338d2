/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/correlation_fixture.h"

Test(correlation_read, what_cannot_be_run_is_refused_with_its_place)
{
    static const struct load_case cases[] = {
        {"type: event_count, rules: a, timespan: 1m, condition: {gte: 1}", ""},
        {"rules: a, timespan: 1m, condition: {gte: 1}", "test.yml:23:14: a correlation's type is"},
        {"type: near, rules: a, timespan: 1m", "test.yml:23:21: a correlation's type is"},
        {"type: event_count, rules: a, condition: {gte: 1}", "timespan is missing"},
        {"type: event_count, rules: a, timeframe: 1m, condition: {gte: 1}", "is called timespan"},
        {"type: event_count, rules: a, timespan: 1, condition: {gte: 1}", "s, m, h, d, w, M, y"},
        {"type: event_count, rules: a, timespan: 0s, condition: {gte: 1}", "s, m, h, d, w, M, y"},
        {"type: event_count, rules: a, timespan: 1x, condition: {gte: 1}", "s, m, h, d, w, M, y"},
        {"type: event_count, rules: a, timespan: 400d, condition: {gte: 1}", ""},
        {"type: event_count, rules: a, timespan: 401d, condition: {gte: 1}", "at most 400d"},
        {"type: event_count, timespan: 1m, condition: {gte: 1}", "rules is missing"},
        {"type: event_count, rules: [], timespan: 1m, condition: {gte: 1}", "rules is missing"},
        {"type: event_count, rules: [[a]], timespan: 1m, condition: {gte: 1}",
         "a name is expected"},
        {"type: event_count, rules: a, group_by: [g], timespan: 1m, condition: {gte: 1}", "hyphen"},
        {"type: event_count, rules: a, group-by: {g: 1}, timespan: 1m, condition: {gte: 1}",
         "a name is expected"},
        {"type: value_count, rules: a, timespan: 1m, condition: {gte: 1}", "needs `field:`"},
        {"type: event_count, rules: a, timespan: 1m, condition: {gte: 1, field: v}",
         "use value_count"},
        {"type: value_sum, rules: a, timespan: 1m, condition: {gte: 1, field: [v, w]}",
         "more than one field"},
        {"type: value_count, rules: a, timespan: 1m, condition: {gte: 2, field: [v, w]}", ""},
        {"type: event_count, rules: a, timespan: 1m, condition: {gte: 1}, aliases: [x]",
         "aliases is a map"},
        {"type: event_count, rules: a, timespan: 1m, condition: {gte: 1}, aliases: {x: y}",
         "an alias is a map"},
        {"type: event_count, rules: a, timespan: 1m, condition: {gte: 1}, generate: maybe",
         "true or false"},
        {"type: event_count, rules: a, timespan: 1m, condition: {gte: 1}, extra: 1",
         "no key `extra`"},
    };
    load_check(cases, sizeof(cases) / sizeof(cases[0]));
}

Test(correlation_read, as_many_rules_and_fields_as_the_limit_and_not_one_more)
{
    struct fixture *f = fixture_new();
    for (uint32_t extra = 0; extra < 2; extra++) {
        struct slice rules = SLICE("a");
        struct slice fields = SLICE("g0");
        for (uint32_t i = 1; i < CORRELATION_SOURCES_MAX + extra; i++) {
            rules = arena_printf(&f->arena, "%.*s, a", SLICE_ARG(rules));
        }
        for (uint32_t i = 1; i < CORRELATION_FIELDS_MAX + extra; i++) {
            fields = arena_printf(&f->arena, "%.*s, g%u", SLICE_ARG(fields), i);
        }
        for (unsigned i = 0; i < 2; i++) {
            struct slice list = i == 0 ? rules : fields;
            struct slice yaml = arena_printf(
                &f->arena,
                i == 0 ? REPLAY_ONE("type: event_count, timespan: 1m, condition: {gte: 1}, "
                                    "rules: [%.*s], group-by: [g]")
                       : REPLAY_ONE("type: event_count, timespan: 1m, condition: {gte: 1}, "
                                    "rules: a, group-by: [%.*s]"),
                SLICE_ARG(list));
            problems_init(&f->problems, &f->arena);
            fixture_text(f, arena_str(&f->arena, yaml));
            cr_expect_eq(f->problems.errors, extra, "%u: %s", i, fixture_problem(f));
        }
    }
    fixture_free(f);
}
