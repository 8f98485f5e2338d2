/* SPDX-License-Identifier: Apache-2.0 */
/* feed — facts as hits of correlations: "three new issues in five minutes" is a rule file.
 *
 *   facts of partition P ─▶ rules ─▶ hits ─▶ tocsin_feed in the partition of each group ─▶ windows
 *                                     └─ first these, then P's cursor moves on
 *
 * Each fact counts once: a group's partition remembers the last fact of P it took, and facts of P
 * are read in their order by whatever node. A node that dies between the two steps, or loses the
 * race for the cursor, has its hits sent again and refused. A fact is the event it tells of: an
 * event that hits the same correlation itself counts once with it.
 */
#pragma once
#include "alerting/correlated.h"
#include "alerting/fact.h"
#include "rules/fates.h"
#include "storage/redis.h"
#include "storage/windows.h"

struct feed_hit {
    struct feed_hit *next;
    struct slice entry; /* of the fact */
    struct effect effect;
};

/* All zero: nothing. Lives in the arena of a step. */
struct feed {
    struct feed_hit *first;
    struct feed_hit *last;
};

/* Adds what `fact` hits, given the rules that hold for it. Borrows the fact's texts. False when the
 * arena is full. */
MUST_USE bool feed_fact(struct feed *feed, const struct correlation_ask *held,
                        const struct fact *fact, struct arena *arena);

/* Where hits go, and the tool to write them. */
struct feed_target {
    struct redis *redis;      /* borrowed, as all */
    struct windows *windows;  /* empty before and after */
    uint32_t partition;       /* of the facts */
    struct rule_fates *fates; /* where forgotten groups are counted; NULL: nowhere */
    int64_t settled_ms;       /* as tocsin_commit's */
};

/* Sends all hits and waits for the answers. False when Redis broke or refused: some may have been
 * taken, and it is right to send all again. */
MUST_USE bool feed_send(const struct feed *feed, const struct feed_target *target);
