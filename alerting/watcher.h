/* SPDX-License-Identifier: Apache-2.0 */
/* watcher — the thread that turns facts and timers into alerts and notices.
 *
 *   look ─▶ timers that are due ─▶ step ─▶ commit ─▶ look again at that partition
 *    ▲   └▶ facts behind cursor ─▶ step ─▶ commit ─┘      └▶ notices: hint the dispatcher
 *    └──────────── every WATCHER_LOOK_US, for what other nodes did ──────────────┘
 *
 * A step that lost the race against another node is forgotten and nothing of it was said. A fact
 * that alone needs more memory than a step may have is stepped over and counted as malformed: one
 * bad fact must not keep all others from being told.
 */
#pragma once
#include "alerting/dispatch.h"
#include "alerting/say.h"

struct watcher;

struct watcher_options {
    struct redis_options redis;
    struct alerting_config *config; /* taken: one reference, also when starting fails */
    const struct ruleset *rules;    /* borrowed until a reload returns or stop; NULL: none */
    struct rule_fates *fates;       /* of `rules`, borrowed likewise; NULL: nobody counts */
    int64_t resolve_after_us;       /* 0: RESOLVE_AFTER_US */
    size_t step_bytes;              /* 0: ALERTING_STEP_BYTES */
    struct alerting_stats *stats;   /* borrowed */
    struct dispatch *dispatch;      /* borrowed */
    struct say say;
};

/* Starts the thread; NULL when it or memory cannot be had. */
struct watcher *watcher_start(const struct watcher_options *options);

/* Takes a reference to `config`, borrows `rules`. Waits for the step that is being taken: when it
 * returns the old ones are not used any more. Any thread. */
void watcher_reload(struct watcher *watcher, struct alerting_config *config,
                    const struct ruleset *rules, struct rule_fates *fates);

/* Ends the thread after the step it is in. NULL is fine. */
void watcher_stop(struct watcher *watcher);
