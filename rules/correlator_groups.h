/* SPDX-License-Identifier: Apache-2.0 */
/* correlator_groups — the groups a correlator follows: found by their values, by when they are due,
 * and by how long they were idle. For correlator.c alone. */
#pragma once
#include "rules/correlator.h"

struct followed {
    struct followed *next; /* of the same bucket */
    struct followed *newer;
    struct followed *older;
    uint64_t hash;
    uint32_t correlation;
    uint32_t heap_place; /* from 1; 0: not due */
    uint32_t group_count;
    struct slice *group; /* texts behind it, in the same allocation */
    struct correlate_state state;
};

/* Of one correlation. */
struct follow_list {
    struct followed *newest;
    struct followed *oldest;
    uint32_t count;
};

struct correlator_groups {
    struct followed **buckets;
    uint32_t bucket_count;
    uint32_t count;
    struct followed **heap; /* from 1; the parent of n is n / 2 */
    uint32_t heap_count;
    uint32_t heap_room;
    struct follow_list *lists; /* by correlation */
    uint64_t forgotten;
};

bool correlator_groups_init(struct correlator_groups *groups, uint32_t correlations);
void correlator_groups_done(struct correlator_groups *groups);

/* The group of these values, made when it is not there; it is then the newest of its list. */
struct followed *correlator_groups_want(struct correlator_groups *groups, uint32_t correlation,
                                        const struct slice *group, uint32_t group_count);

/* Puts it where its state's due_ms wants it. */
void correlator_groups_due(struct correlator_groups *groups, struct followed *followed);

/* The one that is due first; NULL: none is. */
struct followed *correlator_groups_first(const struct correlator_groups *groups);
