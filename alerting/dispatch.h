/* SPDX-License-Identifier: Apache-2.0 */
/* dispatch — the thread that empties the outbox.
 *
 *   claim what is due ─▶ send (all at once, a few per lane) ─▶ tell Redis what came of it
 *
 * A lane (one endpoint) has DELIVERIES_PER_LANE_MAX attempts under way; what it does not take stays
 * in Redis. With Redis away, what came of attempts is remembered until it is back: at most
 * DELIVERIES_MAX of them, since nothing new is claimed meanwhile.
 */
#pragma once
#include "alerting/alerting.h"

struct dispatch;

struct dispatch_options {
    struct redis_options redis;
    const char *node;               /* copied */
    struct alerting_config *config; /* taken: one reference; NULL: every lane is unknown */
    int64_t lease_ms;
    struct alerting_stats *stats; /* borrowed */
    alerting_log_fn *log;
    void *log_context;
};

/* Starts the thread; NULL when it or memory cannot be had. */
struct dispatch *dispatch_start(const struct dispatch_options *options);

/* There are notices in these partitions (bit N for partition N). Any thread. */
void dispatch_hint(struct dispatch *dispatch, uint64_t partitions);

/* Takes a reference; closed lanes are tried again. Any thread. */
void dispatch_reload(struct dispatch *dispatch, struct alerting_config *config);

/* Claims no more, waits for what is under way at most `deadline_ms`, gives back the rest. */
void dispatch_stop(struct dispatch *dispatch, int64_t deadline_ms); /* NULL is fine */
