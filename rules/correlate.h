/* SPDX-License-Identifier: Apache-2.0 */
/* correlate — what Sigma's correlations are: state machines over hits, one for each group.
 *
 *   (state, hit at its event time) ─▶ state', marks         a mark: the correlation holds here;
 *   (state, time is over up to …)  ─▶ state', marks         an edge: the first of a run of marks
 *
 *   hits by event time     ──x────x─x──────────x─x─x──▶     count ≥ 2 in [t - timespan, t]
 *   holds                        . ■ .        . ■ ■          both ends belong to the window
 *   edges                          ▲            ▲
 *
 * A state is the list of its hits by (event time, id), each knowing whether the correlation held
 * there. A hit that is late finds its place, and what it changes in the timespan behind it is
 * judged again; one that is there already changes nothing. A run is hits in a row that hold; it
 * fires when none of its hits held before, so that a late hit that lengthens or joins runs fires
 * nothing. A pause does not end a run, only a hit that does not hold.
 *
 * Bounded by the threshold, not by the traffic, and exact: a hit is forgotten when every window it
 * lies in has enough others (`prune` in correlate.c tells why). Sums and percentiles need all their
 * numbers: past CORRELATION_NUMBERS_MAX the oldest go, and are counted in `overflowed`.
 *
 * Judgements that a hit yet to come could take back (averages, `not`) wait until the time is over;
 * so does absence (`lt`, `lte`, `eq: 0`): it is judged where hits leave the window, the first time
 * one timespan after the group's first hit, so that nothing fires at the start.
 *
 * The same machine in Lua is storage/functions/correlate.lua; a test holds the two together.
 * Rejected: counters per bucket of time (not exact), windows that start at the first hit (miss what
 * straddles two of them), arrival order (another answer on each node). Pure.
 */
#pragma once
#include "rules/atom.h"

enum correlate_type {
    CORRELATE_EVENT_COUNT,
    CORRELATE_VALUE_COUNT,
    CORRELATE_TEMPORAL,
    CORRELATE_ORDERED,
    CORRELATE_SUM,
    CORRELATE_AVERAGE,
    CORRELATE_PERCENTILE
};

struct correlate_bound {
    enum compare compare;
    bool is_negated; /* neq */
    double number;
};

#define CORRELATE_BOUNDS_MAX 6u

/* Operators of a boolean condition in postfix; from 0 on: the rule of that index was there. */
enum { CORRELATE_AND = -1, CORRELATE_OR = -2, CORRELATE_NOT = -3 };

/* What a machine needs of its correlation. Immutable. */
struct correlate_plan {
    enum correlate_type type;
    int64_t span_ms;
    int64_t late_ms;  /* hits up to this much older than the newest are judged right */
    uint32_t sources; /* rules that feed it, at most CORRELATION_SOURCES_MAX */
    struct correlate_bound bounds[CORRELATE_BOUNDS_MAX];
    uint32_t bound_count;
    double percentile;    /* 0 to 100 */
    const int16_t *steps; /* TEMPORAL: the boolean condition */
    uint32_t step_count;  /* 0: `bounds` decide */
    uint32_t enough;      /* counts from here on make no difference */
    uint32_t room;        /* hits one state keeps at most */
    bool waits;
    bool is_absence;
};

struct correlate_hit {
    int64_t at_ms;
    uint64_t id;      /* of the event, below 2^53: the same one counts once */
    uint32_t sources; /* bit per rule */
    double value;     /* NAN: none. VALUE_COUNT: a hash of the value */
    bool is_judged;
    bool holds;
    bool held;      /* before what is being judged */
    bool after_gap; /* hits forgotten right before it did not hold */
};

struct correlate_state {
    struct correlate_hit *hits; /* owned */
    uint32_t count;
    uint32_t room;
    int64_t first_ms;
    int64_t judged_ms; /* absence: judged up to here */
    int64_t due_ms;    /* when correlate_settle has something to do; INT64_MAX: never */
    bool is_absent;
    uint64_t overflowed;
};

struct correlate_mark {
    int64_t at_ms;
    uint64_t id; /* of the hit; of an absence: of the last hit before */
    bool is_edge;
};

/* One thread's memory for judging; all states of the thread share it. */
struct correlate_scratch {
    struct correlate_mark *marks; /* of the last call */
    uint32_t mark_count;
    uint32_t mark_room;
    double *numbers; /* sorted, or a table of values */
    uint32_t *counts;
    uint32_t number_room;
};

/* Fills `enough`, `room`, `waits` and `is_absence` from the rest. */
void correlate_plan_finish(struct correlate_plan *plan);

/* Whether a number satisfies all bounds. */
bool correlate_bounds_hold(const struct correlate_plan *plan, double number);

void correlate_state_init(struct correlate_state *state);
void correlate_state_done(struct correlate_state *state);
void correlate_scratch_done(struct correlate_scratch *scratch);

/* Adds a hit; `settled_ms`: no hit that is not late is to come up to here. The marks are in
 * `scratch` until its next use. */
void correlate_add(const struct correlate_plan *plan, struct correlate_state *state,
                   const struct correlate_hit *hit, int64_t settled_ms,
                   struct correlate_scratch *scratch);

/* Judges what waits for time to be over. */
void correlate_settle(const struct correlate_plan *plan, struct correlate_state *state,
                      int64_t settled_ms, struct correlate_scratch *scratch);
