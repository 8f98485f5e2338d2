/* SPDX-License-Identifier: Apache-2.0 */
/* look — what the watcher knows of the partitions, and how it learns of facts.
 *
 *   t:{NN}:facts_read  cursor and version      t:{NN}:due  the earliest timer
 *   t:{NN}:alerts      how many fire           t:{NN}:facts  what came after the cursor
 *
 * Cursor and version are read together, so a step that was decided on facts behind this cursor is
 * committed only if nobody took one meanwhile. Owner: the watcher's thread.
 */
#pragma once
#include "storage/effect.h"
#include "storage/redis.h"

#define CURSOR_BYTES_MAX 48u /* "ms-n", both below 2^64, and a NUL */

struct place {
    uint64_t version;              /* steps taken, by whatever node */
    char cursor[CURSOR_BYTES_MAX]; /* the last fact taken; "0-0": none */
    int64_t due_us;                /* the earliest timer; 0: none */
    uint64_t firing;               /* alerts */
};

struct places {
    struct place items[PARTITION_COUNT];
};

/* Reads the places whose bit is set, in one round trip. False when Redis broke. */
MUST_USE bool look_at(struct redis *redis, struct places *places, uint64_t partitions);

/* Waits up to `wait_ms` (0: does not wait) for facts behind the cursors, at most `most` of each
 * partition. False when Redis broke; `*out` is NULL when none came; free with freeReplyObject. */
MUST_USE bool look_for_facts(struct redis *redis, const struct places *places, uint32_t most,
                             uint32_t wait_ms, redisReply **out);

/* One partition's part of such a reply. False when it is none. */
struct facts {
    uint32_t partition;
    redisReply *const *entries;
    uint32_t count;
};
bool look_facts(const redisReply *reply, size_t index, struct facts *out);
