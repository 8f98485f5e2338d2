/* SPDX-License-Identifier: Apache-2.0 */
/* correlate_window — what lies in one timespan, while it slides over the hits of a state. */
#pragma once
#include "ingest/base/limits.h"
#include "rules/correlate.h"

struct correlate_window {
    const struct correlate_plan *plan;
    const struct correlate_state *state;
    struct correlate_scratch *scratch; /* numbers: sorted values, or a table of distinct ones */
    uint32_t first;                    /* hits [first, last) are inside */
    uint32_t last;
    uint32_t table_size;
    uint32_t numbers;   /* values inside */
    uint32_t distinct;  /* VALUE_COUNT */
    uint32_t fractions; /* values that are no whole numbers: their sum is made anew each time */
    double sum;         /* of whole numbers, exact */
    int64_t seen_ms[CORRELATION_SOURCES_MAX]; /* when each rule was there last */
    int64_t
        start_ms[CORRELATION_SOURCES_MAX + 1]; /* ORDERED: latest start of the first n in order */
};

/* An empty window before hit `first`. */
void correlate_window_init(struct correlate_window *window, const struct correlate_plan *plan,
                           const struct correlate_state *state, uint32_t first,
                           struct correlate_scratch *scratch);

/* Takes the next hit in. */
void correlate_window_push(struct correlate_window *window);

/* Lets go of all hits before `from_ms`. */
void correlate_window_cut(struct correlate_window *window, int64_t from_ms);

/* Whether the condition holds in the window that ends at `at_ms`. */
bool correlate_window_holds(const struct correlate_window *window, int64_t at_ms);
