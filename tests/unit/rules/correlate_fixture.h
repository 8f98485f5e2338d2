/* SPDX-License-Identifier: Apache-2.0 */
/* correlate_fixture — a naive model of correlations: keeps every hit, looks at every window anew.
 */
#pragma once
#include "ingest/base/limits.h"
#include "rules/correlate.h"
#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

#define MODEL_HITS_MAX 512

/* Small numbers from a seed; the same on every machine. */
static inline uint32_t model_random(uint64_t *seed, uint32_t below)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % below;
}

static inline struct correlate_plan model_plan(enum correlate_type type, enum compare compare,
                                               double number)
{
    struct correlate_plan plan = {.type = type,
                                  .span_ms = 10,
                                  .late_ms = INT64_C(1) << 40,
                                  .sources = 3,
                                  .percentile = 50,
                                  .bounds = {{compare, false, number}},
                                  .bound_count = 1};
    correlate_plan_finish(&plan);
    return plan;
}

static inline int model_by_value(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* The number a condition compares, of hits [from, to] in order; NAN: none. */
static inline double model_number(const struct correlate_plan *plan,
                                  const struct correlate_hit *hits, uint32_t from, uint32_t to)
{
    double values[MODEL_HITS_MAX];
    double sum = 0;
    uint32_t count = 0;
    uint32_t distinct = 0;
    uint32_t mask = 0;
    uint32_t step = 0;
    for (uint32_t i = from; i <= to; i++) {
        mask |= hits[i].sources;
        step += step < plan->sources && (hits[i].sources >> step & 1) != 0;
        if (!isnan(hits[i].value)) {
            sum += hits[i].value;
            values[count++] = hits[i].value;
        }
    }
    qsort(values, count, sizeof(values[0]), model_by_value);
    for (uint32_t i = 0; i < count; i++) {
        distinct += i == 0 || values[i] != values[i - 1];
    }
    double middle = count == 0       ? (double)NAN
                    : count % 2 != 0 ? values[count / 2]
                                     : (values[count / 2 - 1] + values[count / 2]) / 2;
    return plan->type == CORRELATE_EVENT_COUNT   ? (double)(to - from + 1)
           : plan->type == CORRELATE_VALUE_COUNT ? (double)distinct
           : plan->type == CORRELATE_TEMPORAL    ? (double)__builtin_popcount(mask)
           : plan->type == CORRELATE_ORDERED     ? (double)step
           : plan->type == CORRELATE_SUM         ? sum
           : plan->type == CORRELATE_AVERAGE     ? (count != 0 ? sum / count : (double)NAN)
                                                 : middle;
}

/* Whether it holds at the hit `to` of a list in order. */
static inline bool model_holds(const struct correlate_plan *plan, const struct correlate_hit *hits,
                               uint32_t to)
{
    uint32_t from = to;
    while (from > 0 && hits[from - 1].at_ms >= hits[to].at_ms - plan->span_ms) {
        from--;
    }
    double number = model_number(plan, hits, from, to);
    return !isnan(number) && correlate_bounds_hold(plan, number);
}

/* Hits in order of time, each with its index as id. */
static inline void model_hits(uint64_t *seed, struct correlate_hit *hits, uint32_t count,
                              uint32_t pause)
{
    int64_t at_ms = 1000;
    for (uint32_t i = 0; i < count; i++) {
        at_ms += model_random(seed, pause);
        hits[i] = (struct correlate_hit){.at_ms = at_ms,
                                         .id = i + 1,
                                         .sources = 1u << model_random(seed, 3),
                                         .value = model_random(seed, 5)};
        hits[i].value = hits[i].value > 3 ? (double)NAN : hits[i].value;
    }
}

static inline void model_shuffle(uint64_t *seed, struct correlate_hit *hits, uint32_t count)
{
    for (uint32_t i = count; i > 1; i--) {
        uint32_t other = model_random(seed, i);
        struct correlate_hit kept = hits[i - 1];
        hits[i - 1] = hits[other];
        hits[other] = kept;
    }
}

/* What the tests of the machine run over: every type, with conditions that hold now and then. */
static const struct {
    enum correlate_type type;
    enum compare compare;
    double number;
} model_cases[] = {
    {CORRELATE_EVENT_COUNT, COMPARE_GTE, 3}, {CORRELATE_EVENT_COUNT, COMPARE_EQ, 2},
    {CORRELATE_EVENT_COUNT, COMPARE_GT, 6},  {CORRELATE_VALUE_COUNT, COMPARE_GTE, 2},
    {CORRELATE_VALUE_COUNT, COMPARE_GT, 2},  {CORRELATE_TEMPORAL, COMPARE_GTE, 3},
    {CORRELATE_TEMPORAL, COMPARE_GTE, 2},    {CORRELATE_ORDERED, COMPARE_GTE, 3},
    {CORRELATE_SUM, COMPARE_GT, 6},          {CORRELATE_AVERAGE, COMPARE_GT, 1.5},
    {CORRELATE_PERCENTILE, COMPARE_GTE, 2},
};
#define MODEL_CASES (sizeof(model_cases) / sizeof(model_cases[0]))
