/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/correlator.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "rules/correlator_groups.h"
#include <stdlib.h>

/* The groups of one hit and of all that follows from it. */
#define STEP_BYTES ((size_t)64 << 20)

struct correlator {
    const struct ruleset *set;
    correlator_fire *fire;
    void *context;
    struct correlator_groups groups;
    struct correlate_scratch scratches[CORRELATION_DEPTH_MAX + 1]; /* by steps above the hit */
    struct arena arena;                                            /* of one call */
};

struct correlator *correlator_new(const struct ruleset *set, correlator_fire *fire, void *context)
{
    struct correlator *correlator = calloc(1, sizeof(*correlator));
    MUST(set != NULL && fire != NULL);
    if (correlator == NULL) {
        return NULL;
    }
    correlator->set = set;
    correlator->fire = fire;
    correlator->context = context;
    if (!correlator_groups_init(&correlator->groups, ruleset_correlation_count(set)) ||
        !arena_init(&correlator->arena, STEP_BYTES)) {
        correlator_free(correlator);
        return NULL;
    }
    return correlator;
}

void correlator_free(struct correlator *correlator)
{
    if (correlator != NULL) {
        correlator_groups_done(&correlator->groups);
        for (uint32_t i = 0; i <= CORRELATION_DEPTH_MAX; i++) {
            correlate_scratch_done(&correlator->scratches[i]);
        }
        arena_done(&correlator->arena);
        free(correlator);
    }
}

struct correlator_counts correlator_counts(const struct correlator *correlator)
{
    return (struct correlator_counts){correlator->groups.count, correlator->groups.forgotten};
}

/* One call's way up. */
struct climb {
    struct correlator *correlator;
    int64_t settled_ms;
    uint32_t depth;
};

static void take(struct climb *climb, const struct correlation_hit *hit, int64_t at_ms,
                 uint64_t id);

/* What the marks of one group lead to. As deep as correlations stand on each other. */
static void tell(struct climb *climb, struct followed *followed)
{
    struct correlator *all = climb->correlator;
    const struct correlate_scratch *scratch = &all->scratches[climb->depth];
    const struct correlation *correlation = ruleset_correlation(all->set, followed->correlation);
    MUST(climb->depth < CORRELATION_DEPTH_MAX);
    correlator_groups_due(&all->groups, followed);
    climb->depth++;
    for (uint32_t i = 0; i < scratch->mark_count; i++) {
        struct correlate_mark mark = scratch->marks[i];
        const struct correlator_firing firing = {followed->correlation, followed->group, mark.at_ms,
                                                 mark.id, correlation->plan.is_absence};
        if (mark.is_edge) {
            all->fire(all->context, &firing);
        }
        for (uint32_t p = 0; p < correlation->parent_count; p++) {
            struct correlation_hit hit;
            if (correlation_parent_hit(all->set, &correlation->parents[p], followed->group,
                                       &all->arena, &hit)) {
                take(climb, &hit, mark.at_ms, mark.id);
            }
        }
    }
    climb->depth--;
}

static void take(struct climb *climb, const struct correlation_hit *hit, int64_t at_ms, uint64_t id)
{
    struct correlator *all = climb->correlator;
    const struct correlation *correlation = ruleset_correlation(all->set, hit->correlation);
    struct followed *followed = correlator_groups_want(&all->groups, hit->correlation, hit->group,
                                                       correlation->group_count);
    const struct correlate_hit added = {
        .at_ms = at_ms, .id = id, .sources = UINT32_C(1) << hit->source, .value = hit->value};
    correlate_add(&correlation->plan, &followed->state, &added, climb->settled_ms,
                  &all->scratches[climb->depth]);
    tell(climb, followed);
}

void correlator_add(struct correlator *correlator, const struct correlation_hit *hit, int64_t at_ms,
                    uint64_t id, int64_t settled_ms)
{
    struct climb climb = {correlator, settled_ms, 0};
    arena_reset(&correlator->arena);
    take(&climb, hit, at_ms, id);
}

void correlator_settle(struct correlator *correlator, int64_t settled_ms)
{
    struct climb climb = {correlator, settled_ms, 0};
    for (;;) {
        struct followed *first = correlator_groups_first(&correlator->groups);
        if (first == NULL || first->state.due_ms > settled_ms) {
            return;
        }
        const struct correlation *correlation =
            ruleset_correlation(correlator->set, first->correlation);
        arena_reset(&correlator->arena);
        correlate_settle(&correlation->plan, &first->state, settled_ms, &correlator->scratches[0]);
        MUST(first->state.due_ms > settled_ms);
        tell(&climb, first);
    }
}
