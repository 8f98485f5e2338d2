/* SPDX-License-Identifier: Apache-2.0 */
/* outbox — notices on their way: claimed, tried, and then delivered, tried again later, or given
 * up.
 *
 *   outbox:<lane>   zset of ids by when they are due; a claim moves the due time behind the lease,
 *                   so what its claimer lost (kill -9, power) comes back by itself
 *   notice:<id>     state waiting | delivered | dead, lane, owner while claimed, attempts, why,
 * body
 *
 * Notices of one group leave one after the other: the next is only due when the one before it has
 * been delivered or given up, for "resolved" must not overtake "firing". Each call is one atomic
 * function (storage/functions/alerting.lua). All give false when Redis broke or refused.
 */
#pragma once
#include "ingest/base/arena.h"
#include "ingest/base/fault.h"
#include "storage/redis.h"

/* Where a notice lies. */
struct outbox_place {
    uint32_t partition;
    struct slice lane;
    struct slice id;
};

/* A lane that has less room than the others. */
struct outbox_lane {
    struct slice name;
    uint32_t room;
};

struct outbox_terms {
    const char *owner;
    int64_t now_us;
    int64_t lease_ms;
    uint32_t room;      /* in all */
    uint32_t lane_room; /* in each lane that is not listed */
    const struct outbox_lane *lanes;
    uint32_t lane_count;
};

struct outbox_claim {
    struct outbox_place place;
    uint32_t attempts;  /* this one included */
    int64_t created_us; /* whole milliseconds */
    struct slice body;
};

struct outbox_claims {
    struct outbox_claim *items; /* in the arena */
    uint32_t count;
    int64_t due_us; /* of the earliest left in a lane that has room; 0: none */
    uint64_t depth; /* notices waiting, the claimed ones included */
};

/* Claims what is due in a partition, oldest first. */
MUST_USE bool outbox_claim(struct redis *redis, uint32_t partition,
                           const struct outbox_terms *terms, struct arena *arena,
                           struct outbox_claims *out);

/* `why` is kept with the notice, for people. */
MUST_USE bool outbox_done(struct redis *redis, const struct outbox_place *place, int64_t now_us,
                          const char *why);
MUST_USE bool outbox_dead(struct redis *redis, const struct outbox_place *place, int64_t now_us,
                          const char *why);

/* Gives a claim back, due at `due_us`; nothing happens when it is somebody else's by now. */
MUST_USE bool outbox_again(struct redis *redis, const struct outbox_place *place, const char *owner,
                           int64_t due_us, const char *why);

/* Makes due again what `owner` had claimed before it died. */
MUST_USE bool outbox_recover(struct redis *redis, uint32_t partition, const char *owner,
                             int64_t now_us);

/* Tries a dead letter again from the start. `*found` false: there is none of that id. */
MUST_USE bool outbox_replay(struct redis *redis, uint32_t partition, struct slice id,
                            int64_t now_us, bool *found);
