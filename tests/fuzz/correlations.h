/* SPDX-License-Identifier: Apache-2.0 */
/* correlations — a timeline out of bytes, and a recount of all its windows.
 *
 *   type, compare, threshold, span, lateness, then five bytes a hit: time, id, rules, value, -
 *
 * Hits come in the order of the bytes: late, twice, at one time. All that is asked of the machine
 * is what the recount, which keeps every hit and looks at every window anew, says as well. */
#pragma once
#include "ingest/base/must.h"
#include "rules/correlate.h"
#include <math.h>
#include <stdlib.h>

#define FUZZ_HITS_MAX 200u
#define FUZZ_SOURCES  3u

struct fuzz_timeline {
    struct correlate_plan plan;
    struct correlate_hit hits[FUZZ_HITS_MAX]; /* as they come */
    struct correlate_hit all[FUZZ_HITS_MAX];  /* each once, in order */
    uint32_t count;
    uint32_t all_count;
    int64_t lateness_ms;
    bool drops_late; /* the order decides which hits count */
};

static inline int fuzz_by_time(const void *left, const void *right)
{
    const struct correlate_hit *a = left;
    const struct correlate_hit *b = right;
    return a->at_ms != b->at_ms ? (a->at_ms < b->at_ms ? -1 : 1)
           : a->id != b->id     ? (a->id < b->id ? -1 : 1)
                                : 0;
}

/* An event has the same value whenever it comes. */
static inline void fuzz_remember(struct fuzz_timeline *t, struct correlate_hit *hit)
{
    for (uint32_t i = 0; i < t->all_count; i++) {
        if (fuzz_by_time(&t->all[i], hit) == 0) {
            t->all[i].sources |= hit->sources;
            hit->value = t->all[i].value;
            return;
        }
    }
    t->all[t->all_count++] = *hit;
}

static inline void fuzz_plan(struct fuzz_timeline *t, const uint8_t *data)
{
    static const int16_t a_and_not_b[] = {0, 1, CORRELATE_NOT, CORRELATE_AND};
    unsigned type = data[0] % 8u;
    t->drops_late = (data[0] & 8u) != 0;
    t->plan = (struct correlate_plan){
        .type = type < 7 ? (enum correlate_type)type : CORRELATE_TEMPORAL,
        .span_ms = 1 + data[3] % 64,
        .sources = FUZZ_SOURCES,
        .percentile = data[1] / 5 * 2,
        .bounds = {{(enum compare)(data[1] % 5u), (data[0] & 16u) != 0, data[2] % 12 / 2.0}},
        .bound_count = 1,
        .steps = a_and_not_b,
        .step_count = type < 7 ? 0 : 4};
    bool is_number = t->plan.type >= CORRELATE_SUM;
    t->plan.bounds[0].number = is_number ? data[2] % 12 / 2.0 : data[2] % 6;
    t->lateness_ms = t->drops_late ? data[4] : INT64_C(1) << 40;
    t->plan.late_ms = 2 * t->plan.span_ms + t->lateness_ms;
    correlate_plan_finish(&t->plan);
}

/* False: the bytes are too few. */
static inline bool fuzz_read(struct fuzz_timeline *t, const uint8_t *data, size_t size)
{
    int64_t newest_ms = 0;
    t->count = t->all_count = 0;
    if (size < 10) {
        return false;
    }
    fuzz_plan(t, data);
    for (size_t at = 5; at + 5 <= size && t->count < FUZZ_HITS_MAX; at += 5) {
        struct correlate_hit hit = {.at_ms = 1000 + data[at] + data[at + 4] % 4 * 256,
                                    .id = 1 + data[at + 1] % 16u,
                                    .sources = 1 + data[at + 2] % 7u,
                                    .value = data[at + 3] % 9 / 2.0};
        hit.sources = t->plan.type >= CORRELATE_TEMPORAL && t->plan.type <= CORRELATE_ORDERED
                          ? hit.sources
                          : 1;
        hit.value =
            hit.value == 4 || t->plan.type == CORRELATE_EVENT_COUNT ? (double)NAN : hit.value;
        newest_ms = hit.at_ms > newest_ms ? hit.at_ms : newest_ms;
        if (hit.at_ms >= newest_ms - t->lateness_ms) {
            fuzz_remember(t, &hit);
            t->hits[t->count++] = hit;
        }
    }
    qsort(t->all, t->all_count, sizeof(t->all[0]), fuzz_by_time);
    return t->count != 0;
}

/* ---- the recount ---- */

static inline int fuzz_by_value(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return a < b ? -1 : a > b;
}

static inline double fuzz_percentile(const double *values, uint32_t count, double percentile)
{
    double rank = percentile / 100 * (count - 1);
    uint32_t below = (uint32_t)floor(rank);
    double high = values[below + 1 < count ? below + 1 : below];
    return values[below] + (high - values[below]) * (rank - below);
}

static inline bool fuzz_holds(const struct fuzz_timeline *t, uint32_t to)
{
    const struct correlate_plan *plan = &t->plan;
    double values[FUZZ_HITS_MAX];
    double sum = 0;
    uint32_t hits = 0;
    uint32_t count = 0;
    uint32_t distinct = 0;
    uint32_t mask = 0;
    uint32_t step = 0;
    for (uint32_t i = 0; i <= to; i++) {
        if (t->all[i].at_ms < t->all[to].at_ms - plan->span_ms) {
            continue;
        }
        hits++;
        mask |= t->all[i].sources;
        step += step < plan->sources && (t->all[i].sources >> step & 1) != 0;
        if (!isnan(t->all[i].value)) {
            sum += t->all[i].value;
            values[count++] = t->all[i].value;
        }
    }
    qsort(values, count, sizeof(values[0]), fuzz_by_value);
    for (uint32_t i = 0; i < count; i++) {
        distinct += i == 0 || values[i] != values[i - 1];
    }
    if (plan->step_count != 0) {
        return (mask & 1) != 0 && (mask & 2) == 0;
    }
    const double numbers[] = {hits, distinct, __builtin_popcount(mask), step, sum};
    bool needs_values = plan->type > CORRELATE_SUM;
    double number = !needs_values ? numbers[plan->type]
                    : count == 0  ? (double)NAN
                    : plan->type == CORRELATE_AVERAGE
                        ? sum / count
                        : fuzz_percentile(values, count, plan->percentile);
    return !isnan(number) && correlate_bounds_hold(plan, number);
}

/* ---- the machine ---- */

struct fuzz_run {
    struct correlate_state state;
    uint32_t marks;
    int64_t newest_ms;
};

static inline void fuzz_give(const struct fuzz_timeline *t, struct fuzz_run *run,
                             const struct correlate_hit *hit, struct correlate_scratch *scratch)
{
    run->newest_ms = hit->at_ms > run->newest_ms ? hit->at_ms : run->newest_ms;
    correlate_add(&t->plan, &run->state, hit, run->newest_ms - t->lateness_ms - 1, scratch);
    run->marks += scratch->mark_count;
}

/* In the order they come; or in two parts, every second one first. */
static inline struct fuzz_run fuzz_run(const struct fuzz_timeline *t, bool in_parts)
{
    struct fuzz_run run = {.marks = 0};
    struct correlate_scratch scratch = {0};
    correlate_state_init(&run.state);
    for (uint32_t i = 0; i < t->count; i += in_parts ? 2 : 1) {
        fuzz_give(t, &run, &t->hits[i], &scratch);
    }
    for (uint32_t i = 1; i < t->count && in_parts; i += 2) {
        fuzz_give(t, &run, &t->hits[i], &scratch);
    }
    correlate_settle(&t->plan, &run.state, INT64_MAX, &scratch);
    run.marks += scratch.mark_count;
    correlate_scratch_done(&scratch);
    return run;
}

/* No hit yet to come can take back what was marked. */
static inline bool fuzz_is_firm(const struct correlate_plan *plan)
{
    const struct correlate_bound *bound = &plan->bounds[0];
    bool is_least = bound->compare == COMPARE_GT || bound->compare == COMPARE_GTE;
    return plan->waits || (is_least && !bound->is_negated);
}

/* It fired when, and only when, a window holds; and it says so of the hits it still knows. What is
 * not firm may also have fired for what held before a late hit came. */
static inline void fuzz_check(const struct fuzz_timeline *t, const struct fuzz_run *run)
{
    bool any = false;
    uint32_t known = 0;
    for (uint32_t i = 0; i < t->all_count; i++) {
        bool holds = fuzz_holds(t, i);
        any = any || holds;
        const struct correlate_hit *hit = known < run->state.count ? &run->state.hits[known] : NULL;
        if (hit != NULL && fuzz_by_time(hit, &t->all[i]) == 0) {
            MUST(hit->is_judged && hit->holds == holds);
            known++;
        }
    }
    MUST(known == run->state.count);
    MUST(any ? run->marks != 0 : run->marks == 0 || !fuzz_is_firm(&t->plan));
}
