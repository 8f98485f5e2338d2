/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "rules/correlate_inside.h"
#include <math.h>

/* What may be forgotten.
 *
 * A hit m is of no use when each window of one timespan that has m in it decides the same without:
 *   counts           with n hits on either side, all within one timespan, such a window has all n
 *                    before m or all n behind it; n = `enough` (of distinct values 2 * `enough`:
 *                    by the next rule none is there three times within a timespan)
 *   values, rules    with an equal hit on either side, both within one timespan, it has one of them
 *   order            between equal neighbours, unless a late hit comes between: only when full
 */
/* Forgets one hit; the next one remembers if a run ended there. */
static void forget(struct correlate_state *state, uint32_t place)
{
    const struct correlate_hit *hit = &state->hits[place];
    MUST(place < state->count);
    if (place + 1 < state->count) {
        state->hits[place + 1].after_gap |= hit->after_gap || !hit->holds;
    }
    state->count--;
    memmove(state->hits + place, state->hits + place + 1,
            (state->count - place) * sizeof(*state->hits));
}

static bool is_equal(const struct correlate_plan *plan, const struct correlate_hit *a,
                     const struct correlate_hit *b)
{
    if (plan->type == CORRELATE_VALUE_COUNT) {
        return a->value == b->value || (isnan(a->value) && isnan(b->value));
    }
    return a->sources == b->sources;
}

/* The nearest equal hit on one side, within a timespan; `state->count` when there is none. */
static uint32_t equal_beside(const struct correlate_plan *plan, const struct correlate_state *state,
                             uint32_t place, bool is_behind)
{
    const struct correlate_hit *hits = state->hits;
    uint32_t step = is_behind ? 1 : UINT32_MAX;
    for (uint32_t i = place + step; i < state->count; i += step) {
        int64_t apart = hits[i].at_ms - hits[place].at_ms;
        if (apart > plan->span_ms || apart < -plan->span_ms) {
            break;
        }
        if (is_equal(plan, &hits[i], &hits[place])) {
            return i;
        }
    }
    return state->count;
}

static bool forget_between(const struct correlate_plan *plan, struct correlate_state *state,
                           uint32_t middle)
{
    if (middle >= state->count) {
        return false;
    }
    uint32_t before = equal_beside(plan, state, middle, false);
    uint32_t behind = equal_beside(plan, state, middle, true);
    if (before == state->count || behind == state->count || !state->hits[middle].is_judged ||
        state->hits[behind].at_ms - state->hits[before].at_ms > plan->span_ms) {
        return false;
    }
    forget(state, middle);
    return true;
}

static void prune_equal(const struct correlate_plan *plan, struct correlate_state *state,
                        uint32_t place)
{
    uint32_t behind = equal_beside(plan, state, place, true);
    uint32_t before = equal_beside(plan, state, place, false);
    if (!forget_between(plan, state, behind) && !forget_between(plan, state, place)) {
        (void)forget_between(plan, state, before);
    }
}

static bool is_enough_around(const struct correlate_plan *plan, const struct correlate_state *state,
                             uint32_t place, uint32_t enough)
{
    return place >= enough && place < state->count && state->count - place > enough &&
           state->hits[place + enough].at_ms - state->hits[place - enough].at_ms <= plan->span_ms;
}

static void prune_counted(const struct correlate_plan *plan, struct correlate_state *state,
                          uint32_t place)
{
    uint32_t enough = plan->type == CORRELATE_VALUE_COUNT ? 2 * plan->enough : plan->enough;
    const uint32_t places[] = {place, place - enough, place + enough};
    for (unsigned i = 0; i < 3; i++) {
        if ((i != 1 || place >= enough) && is_enough_around(plan, state, places[i], enough)) {
            forget(state, places[i]);
            return;
        }
    }
}

static void prune_order(struct correlate_state *state, uint32_t room)
{
    for (uint32_t i = 1; state->count > room && i + 1 < state->count;) {
        const struct correlate_hit *hits = state->hits;
        if (hits[i].sources == hits[i - 1].sources && hits[i].sources == hits[i + 1].sources) {
            forget(state, i);
        } else {
            i++;
        }
    }
}

/* What is too old for any late hit; what does not fit. The newest always stays. */
static void prune_old(const struct correlate_plan *plan, struct correlate_state *state)
{
    int64_t newest_ms = state->hits[state->count - 1].at_ms;
    while (state->count > 1 && state->hits[0].at_ms < newest_ms - plan->late_ms) {
        forget(state, 0);
    }
    while (state->count > plan->room) {
        state->overflowed += state->hits[0].at_ms >= newest_ms - plan->span_ms;
        forget(state, 0);
    }
}

void correlate_prune(const struct correlate_plan *plan, struct correlate_state *state,
                     uint32_t place)
{
    MUST(place < state->count);
    uint32_t before = state->count;
    if (plan->type == CORRELATE_VALUE_COUNT || plan->type == CORRELATE_TEMPORAL) {
        prune_equal(plan, state, place);
    }
    if (state->count == before &&
        (plan->type == CORRELATE_EVENT_COUNT || plan->type == CORRELATE_VALUE_COUNT)) {
        prune_counted(plan, state, place);
    }
    if (plan->type == CORRELATE_ORDERED && state->count > plan->room) {
        prune_order(state, plan->room / 2);
    }
    prune_old(plan, state);
}
