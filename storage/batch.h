/* SPDX-License-Identifier: Apache-2.0 */
/* batch — effects on their way to Redis, brought together per partition, project, hour and issue.
 *
 *   records in order ──▶ partition ─▶ section (project, hour, category) ─▶ group (hashes) ─▶ rows
 * (events)
 *
 * However many events hit one issue, its group is one update; per event only its id, place, time
 * and, where it differs from the row above, its description are sent. Groups keep the order in
 * which they first appeared, so the result is that of applying the events one by one.
 *
 * Borrows the effects until batch_reset. Pure but for its memory. Owner: one thread.
 */
#pragma once
#include "storage/effect.h"

struct batch;

/* Gives a batch; batch_free accepts NULL. */
struct batch *batch_new(void);
void batch_free(struct batch *batch);

/* Forgets everything, keeps the memory. */
void batch_reset(struct batch *batch);

/* Adds one event of record `sequence`, or one count. */
void batch_add(struct batch *batch, uint64_t sequence, const struct effect *effect);

/* Events in it, in all partitions. */
uint32_t batch_count(const struct batch *batch);

/* Neither events nor counts. */
bool batch_is_empty(const struct batch *batch);

/* Whether this partition has any. */
bool batch_has(const struct batch *batch, uint32_t partition);

/* What tocsin_commit takes as its batch (functions/commit.lua tells the format), borrowed until the
 * next call on this batch. `node` names whose journal the places point into. */
struct slice batch_payload(struct batch *batch, uint32_t partition, struct id node,
                           uint32_t index_seconds);
