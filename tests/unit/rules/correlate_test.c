/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/correlate_fixture.h"

struct run {
    struct correlate_plan plan;
    struct correlate_state state;
    struct correlate_scratch scratch;
    bool edges[MODEL_HITS_MAX + 1]; /* by id */
    uint32_t edge_count;
};

static void take_marks(struct run *run)
{
    for (uint32_t i = 0; i < run->scratch.mark_count; i++) {
        if (run->scratch.marks[i].is_edge) {
            run->edges[run->scratch.marks[i].id] = true;
            run->edge_count++;
        }
    }
}

static void run_hits(struct run *run, const struct correlate_hit *hits, uint32_t count)
{
    correlate_state_init(&run->state);
    memset(run->edges, 0, sizeof(run->edges));
    run->edge_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        correlate_add(&run->plan, &run->state, &hits[i], INT64_MIN, &run->scratch);
        take_marks(run);
    }
    correlate_settle(&run->plan, &run->state, INT64_MAX, &run->scratch);
    take_marks(run);
}

static void run_done(struct run *run)
{
    correlate_state_done(&run->state);
}

Test(correlate, in_order_it_fires_where_the_naive_model_does, .timeout = 60)
{
    static struct correlate_hit hits[MODEL_HITS_MAX];
    static struct run run;
    uint64_t seed = 1;
    for (unsigned c = 0; c < MODEL_CASES; c++) {
        for (unsigned round = 0; round < 60; round++) {
            uint32_t count = 1 + model_random(&seed, 200);
            bool held = false;
            run.plan =
                model_plan(model_cases[c].type, model_cases[c].compare, model_cases[c].number);
            model_hits(&seed, hits, count, 1 + model_random(&seed, 12));
            run_hits(&run, hits, count);
            for (uint32_t i = 0; i < count; i++) {
                bool holds = model_holds(&run.plan, hits, i);
                cr_assert_eq(run.edges[i + 1], holds && !held, "case %u round %u hit %u", c, round,
                             i);
                held = holds;
            }
            cr_expect_eq(run.state.overflowed, 0);
            run_done(&run);
        }
    }
    correlate_scratch_done(&run.scratch);
}

Test(correlate, in_any_order_it_fires_when_and_only_when_some_window_holds, .timeout = 60)
{
    static struct correlate_hit hits[MODEL_HITS_MAX];
    static struct run run;
    uint64_t seed = 2;
    for (unsigned c = 0; c < MODEL_CASES; c++) {
        for (unsigned round = 0; round < 60; round++) {
            uint32_t count = 1 + model_random(&seed, 120);
            bool some = false;
            run.plan =
                model_plan(model_cases[c].type, model_cases[c].compare, model_cases[c].number);
            model_hits(&seed, hits, count, 1 + model_random(&seed, 12));
            for (uint32_t i = 0; i < count; i++) {
                some = some || model_holds(&run.plan, hits, i);
            }
            model_shuffle(&seed, hits, count);
            run_hits(&run, hits, count);
            cr_assert_eq(run.edge_count != 0, some, "case %u round %u", c, round);
            run_done(&run);
        }
    }
    correlate_scratch_done(&run.scratch);
}

Test(correlate, a_hit_that_is_there_already_changes_nothing)
{
    static struct correlate_hit hits[MODEL_HITS_MAX];
    static struct run run;
    uint64_t seed = 3;
    model_hits(&seed, hits, 50, 6);
    for (unsigned c = 0; c < MODEL_CASES; c++) {
        run.plan = model_plan(model_cases[c].type, model_cases[c].compare, model_cases[c].number);
        run_hits(&run, hits, 50);
        uint32_t edges = run.edge_count;
        uint32_t kept = run.state.count;
        for (uint32_t i = 0; i < 50; i++) {
            correlate_add(&run.plan, &run.state, &hits[i], INT64_MAX, &run.scratch);
            take_marks(&run);
        }
        cr_expect_eq(run.edge_count, edges, "case %u", c);
        cr_expect_leq(run.state.count, kept + 8 * run.plan.enough, "case %u", c);
        run_done(&run);
    }
    correlate_scratch_done(&run.scratch);
}

/* One event of two listed rules, told of rule by rule. */
Test(correlate, one_event_of_two_rules_counts_once)
{
    static struct run run;
    const struct correlate_hit hits[] = {{.at_ms = 5, .id = 1, .sources = 1, .value = 0},
                                         {.at_ms = 5, .id = 1, .sources = 2, .value = 0}};
    run.plan = model_plan(CORRELATE_EVENT_COUNT, COMPARE_GTE, 2);
    run_hits(&run, hits, 2);
    cr_expect_eq(run.edge_count, 0);
    run_done(&run);
    run.plan = model_plan(CORRELATE_TEMPORAL, COMPARE_GTE, 2);
    run_hits(&run, hits, 2);
    cr_expect_eq(run.edge_count, 1);
    run_done(&run);
    correlate_scratch_done(&run.scratch);
}

Test(correlate, what_waits_is_judged_when_time_is_over)
{
    static struct run run;
    const struct correlate_hit hit = {.at_ms = 100, .id = 1, .sources = 1, .value = 9};
    run.plan = model_plan(CORRELATE_AVERAGE, COMPARE_GT, 1);
    cr_assert(run.plan.waits);
    correlate_state_init(&run.state);
    correlate_add(&run.plan, &run.state, &hit, 99, &run.scratch);
    cr_expect_eq(run.scratch.mark_count, 0);
    cr_expect_eq(run.state.due_ms, 100);
    correlate_settle(&run.plan, &run.state, 99, &run.scratch);
    cr_expect_eq(run.scratch.mark_count, 0);
    correlate_settle(&run.plan, &run.state, 100, &run.scratch);
    cr_expect_eq(run.scratch.mark_count, 1);
    cr_expect_eq(run.state.due_ms, INT64_MAX);
    run_done(&run);
    correlate_scratch_done(&run.scratch);
}

Test(correlate, knows_what_waits_and_what_is_an_absence)
{
    cr_expect(model_plan(CORRELATE_EVENT_COUNT, COMPARE_LT, 3).is_absence);
    cr_expect(model_plan(CORRELATE_EVENT_COUNT, COMPARE_EQ, 0).is_absence);
    cr_expect_not(model_plan(CORRELATE_EVENT_COUNT, COMPARE_EQ, 1).is_absence);
    cr_expect_not(model_plan(CORRELATE_EVENT_COUNT, COMPARE_GTE, 1).waits);
    cr_expect_not(model_plan(CORRELATE_TEMPORAL, COMPARE_GTE, 1).waits);
    cr_expect(model_plan(CORRELATE_SUM, COMPARE_GTE, 1).waits);
    cr_expect_eq(model_plan(CORRELATE_EVENT_COUNT, COMPARE_GT, 4).enough, 5);
    cr_expect_eq(model_plan(CORRELATE_EVENT_COUNT, COMPARE_GTE, 4).enough, 4);
    cr_expect_eq(model_plan(CORRELATE_EVENT_COUNT, COMPARE_EQ, 4).enough, 5);
}
