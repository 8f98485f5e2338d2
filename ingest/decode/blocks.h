/* SPDX-License-Identifier: Apache-2.0 */
/* blocks — memory for a library that frees what it takes, inside an arena.
 *
 *   free[7] ─▶ 128 bytes ─▶ 128 bytes        one list for each power of two
 *   free[8] ─▶ 256 bytes
 *
 * libbrotlidec takes and gives back tables for every block of its input: from a bare arena a long
 * body would never get them back, and malloc is not for the per-event path. Sizes are rounded up to
 * a power of two and reused; what one body may use at most is the arena's size.
 *
 * Owner: one worker, one body at a time.
 */
#pragma once
#include "ingest/base/arena.h"

#define BLOCKS_CLASSES 40u /* up to 2^39 bytes, far past any arena */

struct blocks {
    struct arena arena; /* its own */
    void *free[BLOCKS_CLASSES];
};

/* Maps room for `size` bytes; false without address space. Pair with blocks_done. */
bool blocks_init(struct blocks *blocks, size_t size);
void blocks_done(struct blocks *blocks);

/* Forgets all blocks: call between bodies. */
void blocks_reset(struct blocks *blocks);

/* Gives 16-byte aligned bytes, not zeroed, until blocks_give or the reset; NULL when full. */
void *blocks_take(struct blocks *blocks, size_t size);

/* Takes back what blocks_take gave; NULL does nothing. */
void blocks_give(struct blocks *blocks, void *block);
