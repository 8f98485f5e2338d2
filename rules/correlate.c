/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/correlate.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "rules/correlate_inside.h"
#include "rules/correlate_window.h"
#include <stdlib.h>

/* ---- plans ---- */

static bool bound_holds(const struct correlate_bound *bound, double number)
{
    bool holds = bound->compare == COMPARE_EQ    ? number == bound->number
                 : bound->compare == COMPARE_LT  ? number < bound->number
                 : bound->compare == COMPARE_LTE ? number <= bound->number
                 : bound->compare == COMPARE_GT  ? number > bound->number
                                                 : number >= bound->number;
    return holds != bound->is_negated;
}

bool correlate_bounds_hold(const struct correlate_plan *plan, double number)
{
    bool holds = true;
    for (uint32_t i = 0; i < plan->bound_count; i++) {
        holds = holds && bound_holds(&plan->bounds[i], number);
    }
    return holds;
}

static bool has_not(const struct correlate_plan *plan)
{
    for (uint32_t i = 0; i < plan->step_count; i++) {
        if (plan->steps[i] == CORRELATE_NOT) {
            return true;
        }
    }
    return false;
}

/* The count from which on no bound changes its mind. */
static uint32_t enough_for(const struct correlate_plan *plan)
{
    double most = 1;
    for (uint32_t i = 0; i < plan->bound_count; i++) {
        enum compare compare = plan->bounds[i].compare;
        bool is_last = compare == COMPARE_LT || compare == COMPARE_GTE;
        double from = plan->bounds[i].number + (is_last ? 0 : 1);
        most = from > most ? from : most;
    }
    return most < CORRELATION_COUNT_MAX + 1u ? (uint32_t)most : CORRELATION_COUNT_MAX + 1u;
}

void correlate_plan_finish(struct correlate_plan *plan)
{
    MUST(plan->span_ms > 0 && plan->sources > 0 && plan->sources <= CORRELATION_SOURCES_MAX);
    bool is_counted = plan->type == CORRELATE_EVENT_COUNT || plan->type == CORRELATE_VALUE_COUNT;
    bool is_number = plan->type >= CORRELATE_SUM;
    bool has_end = false;
    for (uint32_t i = 0; i < plan->bound_count; i++) {
        enum compare compare = plan->bounds[i].compare;
        has_end |= compare == COMPARE_LT || compare == COMPARE_LTE ||
                   (compare == COMPARE_EQ && !plan->bounds[i].is_negated);
    }
    plan->is_absence =
        (is_counted || plan->type == CORRELATE_SUM) && has_end && correlate_bounds_hold(plan, 0);
    plan->waits = !plan->is_absence && (is_number || has_not(plan));
    plan->enough = is_counted ? enough_for(plan) : 1;
    plan->room = is_number ? CORRELATION_NUMBERS_MAX : 8 * plan->enough + CORRELATION_HITS_MIN;
}

/* ---- states ---- */

void correlate_state_init(struct correlate_state *state)
{
    *state = (struct correlate_state){
        .first_ms = INT64_MAX, .judged_ms = INT64_MIN, .due_ms = INT64_MAX};
}

void correlate_state_done(struct correlate_state *state)
{
    free(state->hits);
}

void correlate_scratch_done(struct correlate_scratch *scratch)
{
    free(scratch->marks);
    free(scratch->numbers);
    free(scratch->counts);
}

static bool is_before(const struct correlate_hit *a, const struct correlate_hit *b)
{
    return a->at_ms < b->at_ms || (a->at_ms == b->at_ms && a->id < b->id);
}

/* The first place whose hit is not before `hit`. */
static uint32_t place_of(const struct correlate_state *state, const struct correlate_hit *hit)
{
    uint32_t low = 0;
    uint32_t high = state->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (is_before(&state->hits[middle], hit)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void insert(struct correlate_state *state, uint32_t place, const struct correlate_hit *hit)
{
    MUST(place <= state->count);
    if (state->count == state->room) {
        state->room = state->room == 0 ? 4 : 2 * state->room;
        state->hits = realloc(state->hits, state->room * sizeof(*state->hits));
        MUST(state->hits != NULL);
    }
    memmove(state->hits + place + 1, state->hits + place,
            (state->count - place) * sizeof(*state->hits));
    state->hits[place] = *hit;
    state->count++;
    state->first_ms = hit->at_ms < state->first_ms ? hit->at_ms : state->first_ms;
}

/* ---- judging ---- */

void correlate_mark(struct correlate_scratch *scratch, struct correlate_mark mark)
{
    if (scratch->mark_count == scratch->mark_room) {
        scratch->mark_room = scratch->mark_room == 0 ? 16 : 2 * scratch->mark_room;
        scratch->marks = realloc(scratch->marks, scratch->mark_room * sizeof(*scratch->marks));
        MUST(scratch->marks != NULL);
    }
    scratch->marks[scratch->mark_count++] = mark;
}

/* Whether the hit continues the run of the one before it. */
static bool continues(const struct correlate_state *state, uint32_t place)
{
    return place > 0 && place < state->count && state->hits[place].holds &&
           state->hits[place - 1].holds && !state->hits[place].after_gap;
}

/* Marks what holds newly in [from, to]; a run in which nothing held before has an edge. */
static void mark_runs(const struct correlate_state *state, uint32_t from, uint32_t to,
                      struct correlate_scratch *scratch)
{
    const struct correlate_hit *hits = state->hits;
    for (uint32_t i = from; i <= to; i++) {
        if (!hits[i].holds) {
            continue;
        }
        uint32_t end = i;
        bool is_new = !hits[i].held && !(i == from && continues(state, i));
        while (end < to && continues(state, end + 1)) {
            end++;
            is_new = is_new && !hits[end].held;
        }
        is_new = is_new && !(end == to && continues(state, to + 1));
        for (uint32_t k = i; k <= end; k++) {
            if (!hits[k].held) {
                correlate_mark(scratch, (struct correlate_mark){hits[k].at_ms, hits[k].id, is_new});
                is_new = false;
            }
        }
        i = end;
    }
}

static uint32_t first_from(const struct correlate_state *state, int64_t at_ms)
{
    return place_of(state, &(struct correlate_hit){.at_ms = at_ms});
}

/* Judges the hits [from, to]. */
static void judge(const struct correlate_plan *plan, struct correlate_state *state, uint32_t from,
                  uint32_t to, struct correlate_scratch *scratch)
{
    struct correlate_window window;
    MUST(from <= to && to < state->count);
    correlate_window_init(&window, plan, state,
                          first_from(state, state->hits[from].at_ms - plan->span_ms), scratch);
    for (uint32_t i = window.last; i <= to; i++) {
        struct correlate_hit *hit = &state->hits[i];
        correlate_window_push(&window);
        if (i >= from) {
            correlate_window_cut(&window, hit->at_ms - plan->span_ms);
            hit->held = hit->is_judged && hit->holds;
            hit->holds = correlate_window_holds(&window, hit->at_ms);
            hit->is_judged = true;
        }
    }
    mark_runs(state, from, to, scratch);
}

static uint32_t first_waiting(const struct correlate_state *state)
{
    uint32_t place = state->count;
    while (place > 0 && !state->hits[place - 1].is_judged) {
        place--;
    }
    return place;
}

/* Judges from the hit at `place` to what it changes, and what waited for the time to be over. */
static void judge_from(const struct correlate_plan *plan, struct correlate_state *state,
                       uint32_t place, int64_t settled_ms, struct correlate_scratch *scratch)
{
    uint32_t end = state->count;
    if (plan->waits) {
        uint32_t waiting = first_waiting(state);
        place = waiting < place ? waiting : place;
        end = settled_ms == INT64_MAX ? end : first_from(state, settled_ms + 1);
    } else {
        end = first_from(state, state->hits[place].at_ms + plan->span_ms + 1);
    }
    if (place < end) {
        judge(plan, state, place, end - 1, scratch);
    }
    uint32_t waiting = plan->waits ? first_waiting(state) : state->count;
    state->due_ms = waiting < state->count ? state->hits[waiting].at_ms : INT64_MAX;
}

void correlate_add(const struct correlate_plan *plan, struct correlate_state *state,
                   const struct correlate_hit *hit, int64_t settled_ms,
                   struct correlate_scratch *scratch)
{
    uint32_t place = place_of(state, hit);
    scratch->mark_count = 0;
    MUST(hit->sources != 0 && hit->id < UINT64_C(1) << 53);
    bool is_there = place < state->count && state->hits[place].id == hit->id &&
                    state->hits[place].at_ms == hit->at_ms;
    if (is_there && (state->hits[place].sources | hit->sources) == state->hits[place].sources) {
        return;
    }
    if (state->count != 0 && hit->at_ms < state->hits[state->count - 1].at_ms - plan->late_ms) {
        return; /* too late: what it would change is forgotten */
    }
    if (is_there) {
        state->hits[place].sources |= hit->sources;
    } else {
        insert(state, place, hit);
    }
    if (plan->is_absence) {
        correlate_absence_judge(plan, state, settled_ms, scratch);
    } else {
        judge_from(plan, state, place, settled_ms, scratch);
    }
    correlate_prune(plan, state, place);
}

void correlate_settle(const struct correlate_plan *plan, struct correlate_state *state,
                      int64_t settled_ms, struct correlate_scratch *scratch)
{
    scratch->mark_count = 0;
    if (settled_ms < state->due_ms || state->count == 0) {
        return;
    }
    if (plan->is_absence) {
        correlate_absence_judge(plan, state, settled_ms, scratch);
    } else if (plan->waits) {
        judge_from(plan, state, first_waiting(state), settled_ms, scratch);
    }
}
