/* SPDX-License-Identifier: Apache-2.0 */
/* gather — collects what one pass gives, in order: the effects of events, then what is counted.
 *
 *   event ─▶ effect ─▶ effect ─▶ count ─▶ count          outcome.effects, in `keep`
 *
 * Counts of the same fate, category and reason become one. Pure; one per pass, on its stack.
 */
#pragma once
#include "ingest/decode/contents.h"
#include "ingest/pipeline.h"

struct gather {
    const struct record *record;
    struct arena *scratch;
    struct arena *keep;
    struct outcome *out;
    struct effect **last_event; /* where the list of events goes on */
    const struct passed_event **last_passed;
    struct effect *counts;
    uint32_t events;
};

/* What is counted. */
struct count {
    uint32_t project; /* 0: the record's */
    enum fate fate;
    enum category category;
    struct slice reason;
    uint32_t quantity; /* 0: nothing happens */
};

/* Zeroes `out`. Borrows all of them until the end of the pass. */
void gather_start(struct gather *gather, const struct record *record, struct arena *scratch,
                  struct arena *keep, struct outcome *out);

void gather_count(struct gather *gather, const struct count *count);

/* Adds an event that is to be counted; `effect` lies in `keep`, `event` in `scratch`;
 * NULL: nobody is to see it. */
void gather_event(struct gather *gather, const struct event *event, struct effect *effect,
                  size_t bytes);

/* Counts parts of an item that come to nothing, and what a client says that it threw away. */
void gather_parts(struct gather *gather, const struct envelope_item *item,
                  const struct contents *contents);

/* The id of the next event, should it have none: the record's seed, another for each. */
struct id gather_seed(const struct gather *gather);

/* Links the counts behind the events. TOO_BIG when an arena was full; then nothing counts. */
MUST_USE struct fault gather_end(struct gather *gather);
