/* SPDX-License-Identifier: Apache-2.0 */
/* limiter — rate limits and quotas: token buckets that all nodes share, taken from without waiting.
 *
 *   worker ─take─▶ local copy of the bucket ─every 200 ms─▶ tocsin_bucket ─▶ what is left for all
 *                  refills by itself                          (functions/limits.lua)
 *
 * A take never asks Redis: it is decided on the local copy, which is brought in line with what all
 * nodes took a moment later. So the long run is exact, N nodes can take at most N buckets before
 * the first of them learns it, and while Redis is away each node keeps the limit by itself.
 *
 * Rejected: a round trip for each request (latency, and nothing is taken while Redis is away).
 */
#pragma once
#include "storage/redis.h"
#include <stdint.h>

#define LIMITER_BUCKETS_MAX 4096u

/* Which bucket; the texts are copied when it is made. */
struct bucket_name {
    uint32_t project;
    struct slice limit; /* its name, at most 32 bytes */
    struct slice key;   /* the DSN's key, at most 32 bytes; empty: of the whole project */
};

struct bucket_size {
    uint32_t count;
    uint32_t seconds; /* in which so many come back */
};

struct limiter;

/* Gives a limiter; its thread connects and syncs. NULL without memory. */
struct limiter *limiter_new(const struct redis_options *redis);

/* Ends the thread. Accepts NULL. */
void limiter_free(struct limiter *limiter);

/* Any thread. Takes `wanted` if there is one left at all (a request is not split), at monotonic
 * time `now_us`. True when taken. `*out_wait_s`: in how many seconds, from 1, there will be one; 0
 * when there is one left now. */
bool limiter_take(struct limiter *limiter, const struct bucket_name *name, struct bucket_size size,
                  uint32_t wanted, int64_t now_us, uint32_t *out_wait_s);

/* True when the last sync reached Redis. Any thread. */
bool limiter_is_shared(struct limiter *limiter);
