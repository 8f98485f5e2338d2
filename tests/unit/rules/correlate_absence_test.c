/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/correlate_fixture.h"

struct absence {
    struct correlate_plan plan;
    struct correlate_state state;
    struct correlate_scratch scratch;
};

static void start(struct absence *a, enum compare compare, double number)
{
    *a = (struct absence){.plan = model_plan(CORRELATE_EVENT_COUNT, compare, number)};
    cr_assert(a->plan.is_absence);
    correlate_state_init(&a->state);
}

static void add(struct absence *a, int64_t at_ms, uint64_t id)
{
    const struct correlate_hit hit = {.at_ms = at_ms, .id = id, .sources = 1, .value = (double)NAN};
    correlate_add(&a->plan, &a->state, &hit, at_ms - 3, &a->scratch);
}

static void done(struct absence *a)
{
    correlate_state_done(&a->state);
    correlate_scratch_done(&a->scratch);
}

Test(correlate_absence, begins_when_the_last_hit_has_left_the_window)
{
    struct absence a;
    start(&a, COMPARE_EQ, 0);
    add(&a, 100, 1);
    cr_expect_eq(a.state.due_ms, 111);
    add(&a, 105, 2);
    cr_expect_eq(a.state.due_ms, 116);
    correlate_settle(&a.plan, &a.state, 115, &a.scratch);
    cr_expect_eq(a.scratch.mark_count, 0);
    correlate_settle(&a.plan, &a.state, 200, &a.scratch);
    cr_assert_eq(a.scratch.mark_count, 1);
    cr_expect_eq(a.scratch.marks[0].at_ms, 116);
    cr_expect_eq(a.scratch.marks[0].id, 2);
    cr_expect_eq(a.state.due_ms, INT64_MAX);
    correlate_settle(&a.plan, &a.state, 1000, &a.scratch);
    cr_expect_eq(a.scratch.mark_count, 0);
    done(&a);
}

Test(correlate_absence, is_over_with_the_next_hit_and_can_begin_again)
{
    struct absence a;
    start(&a, COMPARE_LT, 2);
    add(&a, 100, 1);
    add(&a, 101, 2);
    correlate_settle(&a.plan, &a.state, 120, &a.scratch);
    cr_expect_eq(a.scratch.mark_count, 1);
    add(&a, 130, 3);
    cr_expect(a.state.is_absent);
    add(&a, 134, 4);
    cr_expect_eq(a.state.due_ms, 141);
    correlate_settle(&a.plan, &a.state, 141, &a.scratch);
    cr_expect_eq(a.scratch.mark_count, 1);
    done(&a);
}

/* Whatever the steps in which time is told, the absences are the same. */
Test(correlate_absence, does_not_depend_on_when_it_is_asked)
{
    uint64_t seed = 5;
    for (unsigned round = 0; round < 200; round++) {
        uint32_t total[2] = {0};
        static struct correlate_hit hits[MODEL_HITS_MAX];
        model_hits(&seed, hits, 40, 15);
        for (int often = 0; often < 2; often++) {
            struct absence a;
            start(&a, COMPARE_LT, 2);
            for (uint32_t i = 0; i < 40; i++) {
                int64_t settled_ms = often != 0 ? hits[i].at_ms - 1 : 0;
                correlate_settle(&a.plan, &a.state, settled_ms, &a.scratch);
                total[often] += a.scratch.mark_count;
                correlate_add(&a.plan, &a.state, &hits[i], settled_ms, &a.scratch);
                total[often] += a.scratch.mark_count;
            }
            correlate_settle(&a.plan, &a.state, 100000, &a.scratch);
            total[often] += a.scratch.mark_count;
            done(&a);
        }
        cr_assert_eq(total[0], total[1], "round %u: %u and %u", round, total[0], total[1]);
    }
}
