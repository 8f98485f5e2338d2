/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/correlate_window.h"
#include "ingest/base/must.h"
#include <math.h>
#include <stdlib.h>

/* Room for a table at most half full, or for all numbers. */
static void make_room(struct correlate_scratch *scratch, uint32_t size)
{
    if (scratch->number_room < size) {
        scratch->numbers = realloc(scratch->numbers, size * sizeof(*scratch->numbers));
        scratch->counts = realloc(scratch->counts, size * sizeof(*scratch->counts));
        MUST(scratch->numbers != NULL && scratch->counts != NULL);
        scratch->number_room = size;
    }
}

void correlate_window_init(struct correlate_window *window, const struct correlate_plan *plan,
                           const struct correlate_state *state, uint32_t first,
                           struct correlate_scratch *scratch)
{
    MUST(first <= state->count && plan->sources <= CORRELATION_SOURCES_MAX);
    *window = (struct correlate_window){
        .plan = plan, .state = state, .scratch = scratch, .first = first, .last = first};
    for (uint32_t i = 0; i <= plan->sources; i++) {
        window->start_ms[i] = INT64_MIN;
        window->seen_ms[i < plan->sources ? i : 0] = INT64_MIN;
    }
    if (plan->type == CORRELATE_VALUE_COUNT) {
        window->table_size = 16;
        while (window->table_size < 2 * (state->count - first)) {
            window->table_size *= 2;
        }
        make_room(scratch, window->table_size);
        memset(scratch->counts, 0, window->table_size * sizeof(*scratch->counts));
    } else if (plan->type == CORRELATE_PERCENTILE) {
        make_room(scratch, state->count + 1);
    }
}

/* ---- distinct values: a table of counts, which keeps values that are out again ---- */

static uint32_t place_of(const struct correlate_window *window, double value)
{
    const struct correlate_scratch *scratch = window->scratch;
    uint32_t place = (uint32_t)((uint64_t)value * UINT64_C(0x9e3779b97f4a7c15) >> 32);
    for (place &= window->table_size - 1;; place = (place + 1) & (window->table_size - 1)) {
        /* A count of 1 is a value that is known and not inside. */
        if (scratch->counts[place] == 0 || scratch->numbers[place] == value) {
            return place;
        }
    }
}

static void add_value(struct correlate_window *window, double value)
{
    uint32_t place = place_of(window, value);
    if (window->scratch->counts[place] == 0) {
        window->scratch->numbers[place] = value;
        window->scratch->counts[place] = 1;
    }
    window->distinct += window->scratch->counts[place]++ == 1;
}

static void drop_value(struct correlate_window *window, double value)
{
    uint32_t place = place_of(window, value);
    MUST(window->scratch->counts[place] > 1 && window->distinct > 0);
    window->distinct -= --window->scratch->counts[place] == 1;
}

/* ---- numbers ---- */

static bool is_whole(double value)
{
    return value == floor(value) && fabs(value) < 9007199254740992.0;
}

static void add_number(struct correlate_window *window, double value, bool is_in)
{
    if (!is_whole(value)) {
        window->fractions += is_in ? 1u : UINT32_MAX;
    } else {
        window->sum += is_in ? value : -value;
    }
}

/* The first place whose number is not less. */
static uint32_t sorted_place(const struct correlate_window *window, double value)
{
    uint32_t low = 0;
    uint32_t high = window->numbers;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (window->scratch->numbers[middle] < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void sort_in(struct correlate_window *window, double value, bool is_in)
{
    double *at = window->scratch->numbers + sorted_place(window, value);
    size_t behind = window->numbers - (size_t)(at - window->scratch->numbers);
    if (is_in) {
        memmove(at + 1, at, behind * sizeof(*at));
        *at = value;
    } else {
        MUST(behind > 0);
        memmove(at, at + 1, (behind - 1) * sizeof(*at));
    }
}

/* Between the two nearest ranks the value lies in proportion: 50 is the median. */
static double percentile(const struct correlate_window *window)
{
    double rank = window->plan->percentile / 100.0 * (double)(window->numbers - 1);
    uint32_t below = (uint32_t)rank;
    const double *sorted = window->scratch->numbers;
    double low = sorted[below];
    double high = below + 1 < window->numbers ? sorted[below + 1] : low;
    return low + (high - low) * (rank - (double)below);
}

/* In the order of the hits, as a person would add them up. */
static double sum(const struct correlate_window *window)
{
    double all = 0;
    if (window->fractions == 0) {
        return window->sum;
    }
    for (uint32_t i = window->first; i < window->last; i++) {
        double value = window->state->hits[i].value;
        all += isnan(value) ? 0 : value;
    }
    return all;
}

/* ---- sliding ---- */

static void change(struct correlate_window *window, double value, bool is_in)
{
    if (isnan(value)) {
        return;
    }
    if (window->plan->type == CORRELATE_VALUE_COUNT) {
        is_in ? add_value(window, value) : drop_value(window, value);
    } else if (window->plan->type == CORRELATE_PERCENTILE) {
        sort_in(window, value, is_in);
    } else {
        add_number(window, value, is_in);
    }
    window->numbers += is_in ? 1u : UINT32_MAX;
}

/* One hit stands for one step only, also when it is of two rules. */
static void follow_order(struct correlate_window *window, const struct correlate_hit *hit)
{
    window->start_ms[0] = hit->at_ms;
    for (uint32_t n = window->plan->sources; n > 0; n--) {
        if ((hit->sources >> (n - 1) & 1) != 0 && window->start_ms[n - 1] > window->start_ms[n]) {
            window->start_ms[n] = window->start_ms[n - 1];
        }
    }
}

void correlate_window_push(struct correlate_window *window)
{
    MUST(window->last < window->state->count);
    const struct correlate_hit *hit = &window->state->hits[window->last++];
    for (uint32_t i = 0; i < window->plan->sources; i++) {
        if ((hit->sources >> i & 1) != 0) {
            window->seen_ms[i] = hit->at_ms;
        }
    }
    if (window->plan->type == CORRELATE_ORDERED) {
        follow_order(window, hit);
    }
    change(window, hit->value, true);
}

void correlate_window_cut(struct correlate_window *window, int64_t from_ms)
{
    while (window->first < window->last && window->state->hits[window->first].at_ms < from_ms) {
        change(window, window->state->hits[window->first].value, false);
        window->first++;
    }
}

/* ---- asking ---- */

static uint32_t seen_mask(const struct correlate_window *window, int64_t from_ms)
{
    uint32_t mask = 0;
    for (uint32_t i = 0; i < window->plan->sources; i++) {
        mask |= window->seen_ms[i] >= from_ms ? UINT32_C(1) << i : 0;
    }
    return mask;
}

static bool steps_hold(const struct correlate_plan *plan, uint32_t mask)
{
    bool stack[CORRELATION_STEPS_MAX];
    uint32_t depth = 0;
    for (uint32_t i = 0; i < plan->step_count; i++) {
        int16_t step = plan->steps[i];
        if (step >= 0) {
            stack[depth++] = (mask >> step & 1) != 0;
        } else if (step == CORRELATE_NOT) {
            stack[depth - 1] = !stack[depth - 1];
        } else {
            depth--;
            stack[depth - 1] = step == CORRELATE_AND ? stack[depth - 1] && stack[depth]
                                                     : stack[depth - 1] || stack[depth];
        }
    }
    MUST(depth == 1);
    return stack[0];
}

static uint32_t in_order(const struct correlate_window *window, int64_t from_ms)
{
    uint32_t reached = 0;
    for (uint32_t n = 1; n <= window->plan->sources; n++) {
        reached = window->start_ms[n] >= from_ms ? n : reached;
    }
    return reached;
}

bool correlate_window_holds(const struct correlate_window *window, int64_t at_ms)
{
    const struct correlate_plan *plan = window->plan;
    int64_t from_ms = at_ms - plan->span_ms;
    switch (plan->type) {
    case CORRELATE_EVENT_COUNT:
        return correlate_bounds_hold(plan, (double)(window->last - window->first));
    case CORRELATE_VALUE_COUNT:
        return correlate_bounds_hold(plan, (double)window->distinct);
    case CORRELATE_TEMPORAL: {
        uint32_t mask = seen_mask(window, from_ms);
        return plan->step_count != 0
                   ? steps_hold(plan, mask)
                   : correlate_bounds_hold(plan, (double)__builtin_popcount(mask));
    }
    case CORRELATE_ORDERED:
        return correlate_bounds_hold(plan, (double)in_order(window, from_ms));
    case CORRELATE_SUM:
        return correlate_bounds_hold(plan, sum(window));
    case CORRELATE_AVERAGE:
        return window->numbers != 0 &&
               correlate_bounds_hold(plan, sum(window) / (double)window->numbers);
    case CORRELATE_PERCENTILE:
        return window->numbers != 0 && correlate_bounds_hold(plan, percentile(window));
    }
    NEVER("a correlation of no type");
}
