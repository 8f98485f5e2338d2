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

struct look_terms {
    uint64_t partitions; /* a bit for each that is asked; at least one */
    uint32_t most;       /* facts of each partition */
    uint32_t wait_ms;    /* for a fact behind any cursor; 0: does not wait */
};

/* False when Redis broke; `*out` is NULL when no fact came; free with freeReplyObject. */
MUST_USE bool look_for_facts(struct redis *redis, const struct places *places,
                             const struct look_terms *terms, redisReply **out);

/* One partition's part of such a reply. False when it is none. */
struct facts {
    uint32_t partition;
    redisReply *const *entries;
    uint32_t count;
};
bool look_facts(const redisReply *reply, size_t index, struct facts *out);
