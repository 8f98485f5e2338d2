/* SPDX-License-Identifier: Apache-2.0 */
/* correlator — all correlations of a set over one stream of hits, in memory: for replays and tests.
 *
 *   hit ─▶ group's state ─▶ marks ─▶ edges: fired
 *                             └────▶ hits of the parents, and so on
 *
 * A running server keeps the same states in Redis (storage/functions/correlate.lua), since its
 * groups are shared by all nodes. Here a table of groups, a heap of what is due, and for each
 * correlation a list by last use: past CORRELATION_GROUPS_MAX the group that was idle for longest
 * is forgotten and counted. One thread.
 */
#pragma once
#include "rules/correlation.h"

struct correlator_firing {
    uint32_t correlation;
    const struct slice *group; /* its `group_count` values */
    int64_t at_ms;
    uint64_t id;     /* of the event that made it hold */
    bool is_absence; /* no event did; time has passed `at_ms` */
};

typedef void correlator_fire(void *context, const struct correlator_firing *firing);

struct correlator;

/* `set` must outlive it; `fire` is called from within the functions below. NULL without memory. */
struct correlator *correlator_new(const struct ruleset *set, correlator_fire *fire, void *context);
void correlator_free(struct correlator *correlator); /* NULL is fine */

/* A hit of an event: `id` is the event's, below 2^53; events of one time are in the order of their
 * ids. `settled_ms` as in correlate_add. Copies what it keeps. */
void correlator_add(struct correlator *correlator, const struct correlation_hit *hit, int64_t at_ms,
                    uint64_t id, int64_t settled_ms);

/* Judges all that waited for time to reach `settled_ms`. */
void correlator_settle(struct correlator *correlator, int64_t settled_ms);

struct correlator_counts {
    uint64_t groups;    /* followed now */
    uint64_t forgotten; /* for want of room, since the start */
};
struct correlator_counts correlator_counts(const struct correlator *correlator);
