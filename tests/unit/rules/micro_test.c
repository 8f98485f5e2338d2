/* SPDX-License-Identifier: Apache-2.0 */
/* Cases out of other evaluators' tests; skipped where the data is not there. */
#include "tests/unit/rules/fixture.h"

/* Rows where we follow YAML 1.2's core schema (`yes` is a string) and the row does not. */
static bool is_yaml_1_1(struct slice id)
{
    return slice_eq(id, SLICE("sigma-rust-test_match_field_list-1"));
}

Test(micro, other_evaluators_cases_are_read_as_we_say, .timeout = 100)
{
    struct fixture *f = fixture_new();
    struct slice text;
    struct slice line;
    if (!sample_read(&f->arena, "sigma/micro_cases.jsonl", &text)) {
        fixture_free(f);
        cr_skip_test("no shared data");
    }
    while (sample_line(&text, &line)) {
        const struct value *row = fixture_json(f, line);
        struct slice id = value_string(value_get(row, SLICE("id")));
        const struct value *wanted = value_get(row, SLICE("ref"));
        struct rules_source source = {SLICE("micro.yml"),
                                      value_string(value_get(row, SLICE("rule")))};
        problems_init(&f->problems, &f->arena);
        fixture_load(f, &source, 1);
        if (value_is(wanted, VALUE_NULL)) {
            cr_expect(f->problems.errors != 0, "%.*s is not refused", SLICE_ARG(id));
            continue;
        }
        cr_expect_eq(f->problems.errors, 0, "%.*s: %s", SLICE_ARG(id), fixture_problem(f));
        fixture_match(f, value_get(row, SLICE("event")));
        bool expected = value_is(wanted, VALUE_TRUE) != is_yaml_1_1(id);
        cr_expect_eq(f->count != 0, expected, "%.*s: not %d", SLICE_ARG(id), expected);
    }
    fixture_free(f);
}
