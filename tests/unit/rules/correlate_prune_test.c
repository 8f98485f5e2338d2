/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/correlate_fixture.h"

/* `count` hits `step_ms` apart; gives how many are kept, and whether it holds at the end. */
static uint32_t flood(struct correlate_plan *plan, uint32_t count, int64_t step_ms, uint32_t values,
                      bool *out_holds)
{
    struct correlate_state state;
    struct correlate_scratch scratch = {0};
    correlate_state_init(&state);
    for (uint32_t i = 0; i < count; i++) {
        struct correlate_hit hit = {
            .at_ms = i * step_ms, .id = i + 1, .sources = 1u << i % 3, .value = i % values};
        correlate_add(plan, &state, &hit, hit.at_ms, &scratch);
    }
    *out_holds = state.hits[state.count - 1].holds;
    uint32_t kept = state.count;
    correlate_state_done(&state);
    correlate_scratch_done(&scratch);
    return kept;
}

Test(correlate_prune, a_flood_costs_what_the_threshold_says)
{
    bool holds = false;
    struct correlate_plan plan = model_plan(CORRELATE_EVENT_COUNT, COMPARE_GTE, 5);
    plan.span_ms = 60000;
    cr_expect_leq(flood(&plan, 20000, 1, 1, &holds), 10u);
    cr_expect(holds);
    plan = model_plan(CORRELATE_VALUE_COUNT, COMPARE_GTE, 5);
    plan.span_ms = 60000;
    cr_expect_leq(flood(&plan, 20000, 1, 2, &holds), 6u);
    cr_expect_not(holds);
    cr_expect_leq(flood(&plan, 20000, 1, 1000000, &holds), 21u);
    cr_expect(holds);
    plan = model_plan(CORRELATE_TEMPORAL, COMPARE_GTE, 3);
    plan.span_ms = 60000;
    cr_expect_leq(flood(&plan, 20000, 1, 1, &holds), 8u);
    cr_expect(holds);
}

Test(correlate_prune, what_is_too_old_for_late_hits_goes_and_the_newest_stays)
{
    bool holds = false;
    struct correlate_plan plan = model_plan(CORRELATE_EVENT_COUNT, COMPARE_GTE, 2);
    plan.late_ms = 1000;
    cr_expect_leq(flood(&plan, 500, 100, 1, &holds), 11u);
    cr_expect_eq(flood(&plan, 10, 5000, 1, &holds), 1);
}

Test(correlate_prune, numbers_are_bounded_and_the_loss_is_counted)
{
    struct correlate_plan plan = model_plan(CORRELATE_SUM, COMPARE_GT, 1e9);
    struct correlate_state state;
    struct correlate_scratch scratch = {0};
    plan.span_ms = INT64_C(1) << 30;
    correlate_state_init(&state);
    for (uint32_t i = 0; i < CORRELATION_NUMBERS_MAX + 1; i++) {
        struct correlate_hit hit = {.at_ms = i, .id = i + 1, .sources = 1, .value = 1};
        cr_expect_eq(state.overflowed, 0);
        correlate_add(&plan, &state, &hit, INT64_MIN, &scratch);
    }
    cr_expect_eq(state.overflowed, 1);
    cr_expect_eq(state.count, CORRELATION_NUMBERS_MAX);
    correlate_state_done(&state);
    correlate_scratch_done(&scratch);
}
