/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/fates.h"
#include "tests/unit/rules/correlation_fixture.h"

Test(fates, are_found_by_id_or_name_rules_before_correlations)
{
    struct fixture *f = fixture_new();
    problems_init(&f->problems, &f->arena);
    fixture_text(f, REPLAY_ONE("type: event_count, rules: a, timespan: 1m, condition: {gte: 2}"));
    struct rule_fates *fates = rule_fates_new(f->set);
    cr_assert_eq(rule_fates_count(fates), 5);
    cr_expect_eq(rule_fates_find(fates, SLICE("a")), ruleset_find(f->set, SLICE("a")));
    cr_expect_eq(rule_fates_find(fates, SLICE("x")), 4);
    cr_expect(slice_eq(rule_fates_info(fates, 4)->title, SLICE("x")));
    cr_expect_eq(rule_fates_find(fates, SLICE("nobody")), 5);
    cr_expect_eq(rule_fates_find(fates, SLICE("")), 5);
    rule_fates_free(fates);
    fixture_free(f);
}

Test(fates, each_kind_counts_apart_and_what_is_not_there_counts_nowhere)
{
    struct fixture *f = fixture_new();
    problems_init(&f->problems, &f->arena);
    fixture_text(f, REPLAY_RULES);
    struct rule_fates *fates = rule_fates_new(f->set);
    rule_fates_add(fates, 1, RULE_FIRED, 1);
    rule_fates_add(fates, 1, RULE_SUPPRESSED, 41);
    rule_fates_add(fates, 1, RULE_SUPPRESSED, 1);
    rule_fates_add(fates, rule_fates_count(fates), RULE_FORGOTTEN, 1);
    rule_fates_add(NULL, 1, RULE_FIRED, 1);
    cr_expect_eq(rule_fates_get(fates, 1, RULE_FIRED), 1);
    cr_expect_eq(rule_fates_get(fates, 1, RULE_SUPPRESSED), 42);
    for (uint32_t i = 0; i < rule_fates_count(fates); i++) {
        cr_expect_eq(rule_fates_get(fates, i, RULE_FORGOTTEN), 0);
    }
    rule_fates_free(fates);
    rule_fates_free(NULL);
    fixture_free(f);
}
