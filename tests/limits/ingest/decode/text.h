/* SPDX-License-Identifier: Apache-2.0 */
/* text — what a suite of decoding limits works with: an arena, and a text that is put together.
 *
 * Each test has its own; text_start and text_stop are the suite's init and fini.
 */
#pragma once
#include "ingest/base/buffer.h"
#include "ingest/base/limits.h"
#include <criterion/criterion.h>

static struct arena arena;
static struct buffer text;

static void text_start(void)
{
    cr_assert(arena_init(&arena, SCRATCH_BYTES));
    buffer_init(&text, 64u << 20);
}

static void text_stop(void)
{
    buffer_done(&text);
    arena_done(&arena);
}

static void add_many(char byte, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_byte(&text, byte);
    }
}
