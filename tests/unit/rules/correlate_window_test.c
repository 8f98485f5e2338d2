/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/correlate_window.h"
#include "tests/unit/rules/correlate_fixture.h"

Test(correlate_window, sliding_gives_what_looking_anew_gives)
{
    static struct correlate_hit hits[MODEL_HITS_MAX];
    struct correlate_scratch scratch = {0};
    uint64_t seed = 7;
    for (unsigned c = 0; c < MODEL_CASES; c++) {
        struct correlate_plan plan =
            model_plan(model_cases[c].type, model_cases[c].compare, model_cases[c].number);
        struct correlate_state state = {.hits = hits, .count = 300};
        struct correlate_window window;
        model_hits(&seed, hits, state.count, 5);
        for (uint32_t i = 0; i < state.count; i++) {
            hits[i].value += i % 7 == 0 ? 0.5 : 0; /* fractions now and then */
        }
        correlate_window_init(&window, &plan, &state, 0, &scratch);
        for (uint32_t i = 0; i < state.count; i++) {
            correlate_window_push(&window);
            correlate_window_cut(&window, hits[i].at_ms - plan.span_ms);
            cr_assert_eq(correlate_window_holds(&window, hits[i].at_ms),
                         model_holds(&plan, hits, i), "case %u hit %u", c, i);
        }
    }
    correlate_scratch_done(&scratch);
}

Test(correlate_window, boolean_conditions_are_postfix)
{
    /* 0 and not (1 or 2) */
    static const int16_t steps[] = {0, 1, 2, CORRELATE_OR, CORRELATE_NOT, CORRELATE_AND};
    static const bool expected[8] = {false, true, false, false, false, false, false, false};
    struct correlate_scratch scratch = {0};
    struct correlate_plan plan = model_plan(CORRELATE_TEMPORAL, COMPARE_GTE, 1);
    plan.steps = steps;
    plan.step_count = 6;
    correlate_plan_finish(&plan);
    cr_expect(plan.waits);
    for (uint32_t mask = 1; mask < 8; mask++) {
        struct correlate_hit hit = {.sources = mask, .value = (double)NAN};
        struct correlate_state state = {.hits = &hit, .count = 1};
        struct correlate_window window;
        correlate_window_init(&window, &plan, &state, 0, &scratch);
        correlate_window_push(&window);
        cr_expect_eq(correlate_window_holds(&window, 0), expected[mask], "mask %u", mask);
    }
    correlate_scratch_done(&scratch);
}
