/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/host/heap.h"
#include <criterion/criterion.h>
#include <malloc.h>
#include <stdlib.h>

#define BLOCK_BYTES 65536u
#define BLOCKS      64u

/* Bytes at the end of the heap that are free and ours, after a burst of blocks was freed. */
static size_t kept_after_a_burst(void)
{
    void *blocks[BLOCKS];
    for (unsigned i = 0; i < BLOCKS; i++) {
        blocks[i] = malloc(BLOCK_BYTES);
        cr_assert_not_null(blocks[i]);
    }
    for (unsigned i = BLOCKS; i-- > 0;) {
        free(blocks[i]);
    }
    return mallinfo2().keepcost;
}

Test(heap, what_a_burst_needed_stays)
{
    heap_keep();
    if (mallinfo2().arena == 0) {
        cr_skip_test("a sanitizer's malloc, which cannot be told");
    }
    cr_expect_geq(kept_after_a_burst(), (size_t)BLOCKS * BLOCK_BYTES);
    cr_expect_lt((size_t)BLOCKS * BLOCK_BYTES, HEAP_KEPT_BYTES);
}
