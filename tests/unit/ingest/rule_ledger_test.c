/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/rule_ledger.h"
#include <criterion/criterion.h>

#define RULES                                                                                      \
    "title: A\nid: a\nlogsource: {}\ndetection: {s: {x: 1}, condition: s}\n---\n"                  \
    "title: B\nid: b\nlogsource: {}\ndetection: {s: {never: 1}, condition: s}\n"

struct bench {
    struct arena arena;
    struct problems problems;
    struct ruleset *set;
    struct rule_ledger *ledger;
};

static struct bench *bench_new(void)
{
    struct bench *b = calloc(1, sizeof(*b));
    const struct rules_source source = {SLICE("t.yml"), SLICE(RULES)};
    cr_assert(b != NULL && arena_init(&b->arena, SCRATCH_BYTES));
    problems_init(&b->problems, &b->arena);
    b->set = ruleset_new(&source, 1, &b->problems);
    cr_assert(b->set != NULL && ruleset_count(b->set) == 2);
    b->ledger = rule_ledger_new(b->set);
    cr_assert(b->ledger != NULL);
    return b;
}

static void bench_free(struct bench *b)
{
    rule_ledger_free(b->ledger);
    ruleset_free(b->set);
    arena_done(&b->arena);
    free(b);
}

static void match(struct bench *b, struct rules_scratch *scratch, const char *event, bool checked)
{
    struct value *value = NULL;
    struct subject subject;
    uint32_t held[4];
    bool agrees = false;
    struct fault fault = value_parse_json(&b->arena, slice_str(event), &value);
    cr_assert(!fault_is(fault));
    subject_from_value(&subject, value, false, &b->arena);
    if (checked) {
        (void)rules_match_checked(b->set, scratch, &subject, held, 4, &agrees);
        cr_expect(agrees);
    } else {
        (void)rules_match(b->set, scratch, &subject, held, 4);
    }
}

Test(rule_ledger, sums_over_those_that_are_there_and_those_that_have_left)
{
    struct bench *b = bench_new();
    struct rule_tally tallies[2];
    struct rules_scratch *one = rules_scratch_new(b->set);
    struct rules_scratch *two = rules_scratch_new(b->set);
    cr_assert(rule_ledger_join(b->ledger, one) && rule_ledger_join(b->ledger, two));
    match(b, one, "{\"x\":1}", false);
    match(b, two, "{\"x\":1}", true);
    match(b, two, "{\"x\":2}", false);

    rule_ledger_leave(b->ledger, two);
    rules_scratch_free(two);

    rule_ledger_rules(b->ledger, tallies);
    cr_expect_eq(tallies[0].evaluated, 2, "the oracle is not counted");
    cr_expect_eq(tallies[0].matched, 2);
    cr_expect_eq(tallies[0].timed, 2, "each thread's first event is timed");
    cr_expect_eq(tallies[1].evaluated, 0);
    struct rule_totals totals = rule_ledger_totals(b->ledger);
    cr_expect_eq(totals.events, 3);
    cr_expect_eq(totals.evaluated, 2);
    cr_expect_eq(totals.checked, 1);
    cr_expect_eq(totals.differences, 0);
    rule_ledger_leave(b->ledger, one);
    rules_scratch_free(one);
    bench_free(b);
}

Test(rule_ledger, fields_that_no_event_has_had_are_known)
{
    struct bench *b = bench_new();
    bool seen[8] = {false};
    struct rules_scratch *scratch = rules_scratch_new(b->set);
    cr_assert(rule_ledger_join(b->ledger, scratch));
    match(b, scratch, "{\"x\":2}", false);
    rule_ledger_fields(b->ledger, seen);
    for (uint32_t i = 1; i < ruleset_field_count(b->set); i++) {
        bool is_x = slice_eq(ruleset_field_name(b->set, i), SLICE("x"));
        cr_expect_eq(seen[i], is_x);
        cr_expect_eq(ruleset_uses_field(b->set, 0, i), is_x);
    }
    rule_ledger_leave(b->ledger, scratch);
    rules_scratch_free(scratch);
    bench_free(b);
}

Test(rule_ledger, leaving_without_having_joined_does_nothing)
{
    struct bench *b = bench_new();
    struct rules_scratch *scratch = rules_scratch_new(b->set);
    match(b, scratch, "{\"x\":1}", false);
    rule_ledger_leave(b->ledger, scratch);
    cr_expect_eq(rule_ledger_totals(b->ledger).events, 0);
    rules_scratch_free(scratch);
    bench_free(b);
}
