/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "rules/correlator_groups.h"
#include "tests/unit/rules/correlate_fixture.h"
#include <stdio.h>

static struct followed *want(struct correlator_groups *groups, uint32_t number)
{
    char text[16];
    snprintf(text, sizeof(text), "%u", number);
    struct slice group = slice_str(text);
    return correlator_groups_want(groups, 0, &group, 1);
}

Test(correlator_groups, finds_what_it_has)
{
    struct correlator_groups groups;
    const struct slice ab[] = {SLICE("a"), SLICE("b")};
    const struct slice joined[] = {SLICE("ab"), SLICE("")};
    cr_assert(correlator_groups_init(&groups, 2));
    struct followed *first = correlator_groups_want(&groups, 0, ab, 2);
    cr_expect(correlator_groups_want(&groups, 0, ab, 2) == first);
    cr_expect(correlator_groups_want(&groups, 1, ab, 2) != first);
    cr_expect(correlator_groups_want(&groups, 0, joined, 2) != first);
    cr_expect_eq(groups.count, 3);
    correlator_groups_done(&groups);
}

Test(correlator_groups, the_idle_one_goes_past_the_limit)
{
    struct correlator_groups groups;
    cr_assert(correlator_groups_init(&groups, 1));
    for (uint32_t i = 0; i < CORRELATION_GROUPS_MAX; i++) {
        want(&groups, i)->state.first_ms = i;
    }
    cr_expect_eq(groups.forgotten, 0);
    (void)want(&groups, 0); /* used: no longer the oldest */
    (void)want(&groups, CORRELATION_GROUPS_MAX);
    cr_expect_eq(groups.forgotten, 1);
    cr_expect_eq(groups.count, CORRELATION_GROUPS_MAX);
    cr_expect_eq(want(&groups, 0)->state.first_ms, 0);
    cr_expect_eq(want(&groups, 1)->state.first_ms, INT64_MAX, "it is a new one");
    correlator_groups_done(&groups);
}

Test(correlator_groups, what_is_due_comes_in_order)
{
    struct correlator_groups groups;
    uint64_t seed = 4;
    cr_assert(correlator_groups_init(&groups, 1));
    for (unsigned i = 0; i < 5000; i++) {
        struct followed *followed = want(&groups, model_random(&seed, 500));
        followed->state.due_ms =
            model_random(&seed, 4) == 0 ? INT64_MAX : (int64_t)model_random(&seed, 1000);
        correlator_groups_due(&groups, followed);
    }
    int64_t last_ms = 0;
    for (struct followed *at = correlator_groups_first(&groups); at != NULL;
         at = correlator_groups_first(&groups)) {
        cr_assert_geq(at->state.due_ms, last_ms);
        last_ms = at->state.due_ms;
        at->state.due_ms = INT64_MAX;
        correlator_groups_due(&groups, at);
    }
    cr_expect_eq(groups.heap_count, 0);
    correlator_groups_done(&groups);
}
