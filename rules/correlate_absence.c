/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "rules/correlate_inside.h"

/* The next point where the window changes: a hit comes in, or one has just left. */
static bool next_point(struct correlate_window *window, int64_t *out_ms)
{
    const struct correlate_state *state = window->state;
    int64_t span_ms = window->plan->span_ms;
    bool has_coming = window->last < state->count;
    bool has_leaving = window->first < window->last;
    if (!has_coming && !has_leaving) {
        return false;
    }
    int64_t coming_ms = has_coming ? state->hits[window->last].at_ms : INT64_MAX;
    int64_t leaving_ms = has_leaving ? state->hits[window->first].at_ms + span_ms + 1 : INT64_MAX;
    if (coming_ms <= leaving_ms) {
        correlate_window_push(window);
        *out_ms = coming_ms;
    } else {
        correlate_window_cut(window, leaving_ms - span_ms);
        *out_ms = leaving_ms;
    }
    return true;
}

void correlate_absence_judge(const struct correlate_plan *plan, struct correlate_state *state,
                             int64_t settled_ms, struct correlate_scratch *scratch)
{
    struct correlate_window window;
    int64_t at_ms = 0;
    int64_t start_ms = state->first_ms + plan->span_ms + 1;
    bool is_absent = state->is_absent;
    MUST(plan->is_absence && state->count != 0);
    correlate_window_init(&window, plan, state, 0, scratch);
    state->due_ms = INT64_MAX;
    while (state->due_ms == INT64_MAX && next_point(&window, &at_ms)) {
        if (at_ms <= state->judged_ms || at_ms < start_ms) {
            continue;
        }
        bool holds = correlate_window_holds(&window, at_ms);
        bool begins = holds && !is_absent;
        is_absent = holds;
        if (at_ms > settled_ms) {
            state->due_ms = begins ? at_ms : INT64_MAX;
            continue;
        }
        state->is_absent = holds;
        if (begins) {
            correlate_mark(scratch,
                           (struct correlate_mark){at_ms, state->hits[window.last - 1].id, true});
        }
    }
    state->judged_ms = settled_ms > state->judged_ms ? settled_ms : state->judged_ms;
}
