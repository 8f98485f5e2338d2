/* SPDX-License-Identifier: Apache-2.0 */
/* windows — hits of correlations on their way to Redis, by partition: a batch's second half.
 *
 * A hit lies in the partition of its correlation's group, seldom in that of its event; what keeps
 * it from being applied twice is the sequence that its own partition stands at. Each tree is sent
 * once a batch. Borrows the effects until windows_reset. Owner: one thread.
 */
#pragma once
#include "storage/effect.h"

struct windows;

struct windows *windows_new(void);
void windows_free(struct windows *windows); /* NULL is fine */

/* Forgets everything, keeps the memory. */
void windows_reset(struct windows *windows);

/* Adds one hit of an event. */
void windows_add(struct windows *windows, const struct effect *effect,
                 const struct effect_window *window);

/* Hits in it, in all partitions. */
uint32_t windows_count(const struct windows *windows);

/* Whether this partition has any. */
bool windows_has(const struct windows *windows, uint32_t partition);

/* What tocsin_commit takes as its windows (functions/correlate.lua tells the format), borrowed
 * until the next call; empty for a partition without any. */
struct slice windows_payload(struct windows *windows, uint32_t partition);
