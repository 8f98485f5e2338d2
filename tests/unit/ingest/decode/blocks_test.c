/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/blocks.h"
#include <criterion/criterion.h>
#include <stdint.h>

Test(blocks, are_aligned_and_apart)
{
    struct blocks blocks;
    cr_assert(blocks_init(&blocks, 1u << 20));

    char *a = blocks_take(&blocks, 1);
    char *b = blocks_take(&blocks, 1000);
    memset(a, 1, 1);
    memset(b, 2, 1000);

    cr_expect_eq((uintptr_t)a % 16, 0);
    cr_expect_eq((uintptr_t)b % 16, 0);
    cr_expect_eq(a[0], 1);
    blocks_done(&blocks);
}

Test(blocks, come_back_to_be_used_again)
{
    struct blocks blocks;
    cr_assert(blocks_init(&blocks, 1u << 16));

    for (int i = 0; i < 10000; i++) { /* a hundred times what there is */
        void *small = blocks_take(&blocks, 100);
        void *large = blocks_take(&blocks, 3000);
        cr_assert(small != NULL && large != NULL && small != large);
        memset(large, i, 3000);
        blocks_give(&blocks, small);
        blocks_give(&blocks, large);
    }
    blocks_done(&blocks);
}

Test(blocks, are_used_again_whatever_the_order_they_came_back_in)
{
    struct blocks blocks;
    cr_assert(blocks_init(&blocks, 1u << 16));
    void *first = blocks_take(&blocks, 100);
    void *second = blocks_take(&blocks, 100);

    blocks_give(&blocks, first);
    blocks_give(&blocks, second);

    cr_expect_eq(blocks_take(&blocks, 90), second);
    cr_expect_eq(blocks_take(&blocks, 100), first);
    cr_expect_neq(blocks_take(&blocks, 100), first);
    blocks_done(&blocks);
}

Test(blocks, end_with_the_arena)
{
    struct blocks blocks;
    cr_assert(blocks_init(&blocks, 4096));

    cr_expect_null(blocks_take(&blocks, 4096));
    cr_expect_null(blocks_take(&blocks, SIZE_MAX));
    cr_expect_not_null(blocks_take(&blocks, 4096 - 16));
    cr_expect_null(blocks_take(&blocks, 1));
    blocks_give(&blocks, NULL);
    blocks_reset(&blocks);
    cr_expect_not_null(blocks_take(&blocks, 1));
    blocks_done(&blocks);
}
