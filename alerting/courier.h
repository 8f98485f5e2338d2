/* SPDX-License-Identifier: Apache-2.0 */
/* courier — takes claimed notices to their endpoints, and notes what came of each.
 *
 *   claims ─▶ endpoint of the lane? ─▶ sender ─▶ answer ─▶ schedule_step ─▶ the attempt is over
 *                     └ none: dead letter
 *
 * Knows nothing of Redis; the attempts that are over are its owner's to tell of (attempts_tell).
 * Owner: the dispatch thread, but for courier_reload.
 */
#pragma once
#include "alerting/attempt.h"
#include "alerting/deliver/sender.h"
#include "alerting/say.h"
#include <pthread.h>

struct courier {
    struct sender *sender;
    struct attempts attempts;
    struct alerting_stats *stats; /* borrowed */
    struct say say;
    pthread_mutex_t lock;           /* the next one; held while notices are sent off */
    struct alerting_config *config; /* one reference; NULL: no lane leads anywhere */
};

/* Takes a reference to `config`, also when it gives false: without memory. */
MUST_USE bool courier_init(struct courier *courier, struct alerting_config *config,
                           struct alerting_stats *stats, const struct say *to);

/* Sends all of them off; each becomes an attempt, but for want of memory. */
void courier_take(struct courier *courier, const struct outbox_claims *claims);

/* Takes a reference. When it returns, the old configuration is not used any more. Any thread. */
void courier_reload(struct courier *courier, struct alerting_config *config);

/* Gives up waiting: what is under way is over, to be tried again at once by whoever comes next. */
void courier_cut_off(struct courier *courier);

void courier_done(struct courier *courier);
