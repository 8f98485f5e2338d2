/* SPDX-License-Identifier: Apache-2.0 */
/* alarm — alerting with the snapshot it borrows its rules from.
 *
 * Holds that snapshot as long as alerting may look at it: until a newer one has been handed over,
 * or alerting has ended. Owner: the server's main thread.
 */
#pragma once
#include "ingest/base/id.h"

struct alarm;
struct alerting;
struct redis_options;
struct snapshot_box;

/* Starts alerting's threads for this node with the newest snapshot of `box`, which must hold one.
 * NULL when threads or memory cannot be had. Borrows `box`. */
struct alarm *alarm_start(struct snapshot_box *box, const struct redis_options *redis,
                          struct id node);

/* Hands over the newest snapshot. */
void alarm_follow(struct alarm *alarm);

/* Borrowed until alarm_stop: for its statistics. */
struct alerting *alarm_alerting(const struct alarm *alarm);

/* Ends the threads within `deadline_ms` and frees. NULL is fine. */
void alarm_stop(struct alarm *alarm, int64_t deadline_ms);
