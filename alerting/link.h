/* SPDX-License-Identifier: Apache-2.0 */
/* link — a thread's own connection to Redis, made again when it is gone.
 *
 * Tries at once, then every LINK_RETRY_US; loads the functions each time, since the Redis that is
 * back may be another one. That it is away is said once it has been for LINK_AWAY_SAID_US, and then
 * that it is back: a Redis that is being restarted is no news. Owner: one thread.
 */
#pragma once
#include "alerting/say.h"
#include "storage/redis.h"

/* Often enough that a page waits for nothing else; rare enough to cost nothing. */
#define LINK_RETRY_US     INT64_C(200000)
#define LINK_AWAY_SAID_US INT64_C(2000000)

struct link {
    struct redis *redis;   /* owned */
    const struct say *say; /* borrowed; NULL: says nothing */
    int64_t next_try_us;   /* monotonic */
    int64_t away_since_us; /* 0: not away */
    bool is_up;
    bool was_said;
};

enum link_state { LINK_DOWN, LINK_UP, LINK_NEW };

void link_init(struct link *link, const struct redis_options *options, const struct say *say);
void link_done(struct link *link);

/* Connects when it is not connected and it is time to try. LINK_NEW: it is another connection than
 * the last time, and nothing that was known of Redis need be true. */
enum link_state link_check(struct link *link, int64_t monotonic_us);

/* A call failed: closes, so that no late reply is taken for another's. Call before anything else
 * uses the connection: it remembers what redis_error says. */
void link_broke(struct link *link, int64_t monotonic_us);
