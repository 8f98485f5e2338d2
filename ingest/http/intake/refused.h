/* SPDX-License-Identifier: Apache-2.0 */
/* refused — counts what a worker refuses, until it is written down as one record.
 *
 *   refusal ─▶ refused_add: sums per (project, fate, category, reason) ─▶ refused_write: a body of
 *   lines (decode/refusals.h) ─▶ journal ─▶ counted in Redis, exactly once
 *
 * A flood of refused requests costs one record a second. Owner: the worker's thread.
 */
#pragma once
#include "ingest/base/arena.h"
#include "ingest/decode/refusals.h"

#define REFUSED_ROWS 512u /* different ones between two writes; more are sums without a reason */

struct refused {
    struct refusal rows[REFUSED_ROWS]; /* reasons lie in `text` */
    uint32_t count;
    uint64_t lost; /* that found no row at all */
    char text[REFUSED_ROWS][32];
};

/* Adds to the row that is the same, or makes one; `reason` is copied, cut at 32 bytes. */
void refused_add(struct refused *refused, const struct refusal *refusal);

/* Gives all rows as lines in `arena`, and forgets them; empty when there are none, and when the
 * arena is full (then none is forgotten). */
struct slice refused_write(struct refused *refused, struct arena *arena);

/* Adds what refused_write gave: it could not be written down. */
void refused_again(struct refused *refused, struct slice lines);
