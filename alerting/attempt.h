/* SPDX-License-Identifier: Apache-2.0 */
/* attempt — one claimed notice, from its claim until Redis knows what came of it.
 *
 *   claim ─▶ UNDER_WAY ─▶ (answer) ─▶ OVER ─▶ told ─▶ forgotten
 *
 * At most DELIVERIES_MAX, so that what is remembered while Redis is away is bounded. Owner: the
 * dispatch thread.
 */
#pragma once
#include "alerting/deliver/schedule.h"
#include "alerting/lanes.h"
#include "storage/effect.h"

struct attempt {
    struct attempt *next;
    struct lane *lane;
    uint32_t partition;
    uint32_t attempts; /* this one included */
    int64_t created_us;
    struct slice id; /* its own memory, behind the struct */
    bool is_over;
    struct delivery_step step; /* when it is over */
    char why[192];             /* in words, kept with the notice */
};

struct attempts {
    struct attempt *first;
    struct lanes lanes;
    uint32_t count;
    uint32_t in_partition[PARTITION_COUNT];
};

/* Remembers a claim as under way; NULL without memory. */
struct attempt *attempts_add(struct attempts *attempts, const struct outbox_claim *claim);

/* It is over, with this step; `error` (may be empty) says why in the words of who failed. */
void attempt_over(struct attempt *attempt, const struct delivery_step *step, const char *error);

/* Tells Redis of all that are over and forgets them; `*partitions` gets a bit for each one's, where
 * the next of its group may be due now. False when Redis broke: the rest stays. */
MUST_USE bool attempts_tell(struct attempts *attempts, struct redis *redis, const char *owner,
                            int64_t now_us, uint64_t *partitions);

/* Frees all, whatever became of them. */
void attempts_done(struct attempts *attempts);
