/* SPDX-License-Identifier: Apache-2.0 */
/* alerting — from facts in Redis to somebody's pager. Its own two threads; ingest never waits.
 *
 *   t:{NN}:facts ─▶ watcher ─▶ rules (issue facts) ─▶ policy ─┐ one atomic step per partition:
 *                     ▲ due timers                            ▼ states, notices, read position
 *                     └─────────────── Redis ◀── FCALL tocsin_alerting_commit
 *                                        │ outbox
 *                                        ▼
 *                  dispatch: claim ─▶ HTTP ─▶ done │ retry later │ dead letter
 *
 * Everything that is known is in Redis: kill -9 at any point loses no notice and makes at most one
 * attempt twice, with the same id. Any number of nodes may watch the same Redis: a step is taken
 * only if nobody else took one in that partition since its inputs were read.
 */
#pragma once
#include "alerting/config.h"
#include "alerting/deliver/schedule.h"
#include "rules/fates.h"
#include "storage/redis.h"
#include <stdatomic.h>

enum alerting_log_level { ALERTING_INFO, ALERTING_WARNING, ALERTING_ERROR };

/* One line without a newline. Called from both threads. */
typedef void alerting_log_fn(void *context, enum alerting_log_level level, const char *text);

struct alerting_options {
    struct redis_options redis;
    const char *node; /* this node's name, to find its own claims again; borrowed until then */
    struct alerting_config *config; /* taken: one reference; NULL: track alerts, tell nobody */
    const struct ruleset *rules;    /* borrowed until a reload returns or stop; NULL: none */
    struct rule_fates *fates;       /* of `rules`, borrowed likewise; NULL: nobody counts */
    alerting_log_fn *log;           /* NULL: silent */
    void *log_context;
    int64_t lease_ms;         /* 0: OUTBOX_LEASE_MS */
    int64_t resolve_after_us; /* 0: RESOLVE_AFTER_US */
};

/* Counted since the start; any thread may read. */
struct alerting_stats {
    atomic_uint_fast64_t facts_read;
    atomic_uint_fast64_t facts_malformed;
    atomic_uint_fast64_t alerts_fired;
    atomic_uint_fast64_t alerts_resolved;
    atomic_uint_fast64_t alerts_firing; /* now, over all partitions, as of the last look */
    atomic_uint_fast64_t notices_queued;
    atomic_uint_fast64_t
        notices_suppressed; /* a verdict held back by send_resolved or no endpoint */
    atomic_uint_fast64_t delivered;
    atomic_uint_fast64_t failed[DELIVERY_FAILURE_COUNT]; /* attempts */
    atomic_uint_fast64_t dead;      /* notices given up; they stay in t:{NN}:dead */
    atomic_uint_fast64_t conflicts; /* steps taken by another node first */
    atomic_uint_fast64_t redis_errors;
    atomic_uint_fast64_t lag_ms;       /* age of the newest fact when it was read, last pass */
    atomic_uint_fast64_t outbox_depth; /* notices waiting in Redis, as of the last look */
    atomic_bool redis_connected;
};

struct alerting;

/* Starts both threads. Redis need not be there yet. NULL when threads or memory cannot be had. */
struct alerting *alerting_start(const struct alerting_options *options);

/* Takes a reference to `config`, borrows `rules` and their `fates`. When it returns, neither the
 * old configuration nor the old rules are used any more (requests under way finish with their old
 * settings), and receivers disabled by a 410 are tried again. Any thread. */
void alerting_reload(struct alerting *alerting, struct alerting_config *config,
                     const struct ruleset *rules, struct rule_fates *fates);

/* Ends both threads, waiting for attempts under way at most until `deadline_ms` from now; what is
 * cut off is tried again by whoever comes next. Frees. NULL is fine. */
void alerting_stop(struct alerting *alerting, int64_t deadline_ms);

const struct alerting_stats *alerting_stats(const struct alerting *alerting);
