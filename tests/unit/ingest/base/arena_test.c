/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/arena.h"
#include "ingest/base/limits.h"
#include <criterion/criterion.h>
#include <stdint.h>
#include <sys/mman.h>

static _Alignas(16) char room[256];

static struct arena small_arena(void)
{
    struct arena arena;
    arena_over(&arena, room, sizeof(room));
    return arena;
}

Test(arena, gives_zeroed_aligned_memory)
{
    struct arena arena = small_arena();
    memset(room, 0xAA, sizeof(room));

    (void)arena_bytes(&arena, 3);
    char *at = arena_alloc(&arena, 40);

    cr_assert_not_null(at);
    cr_expect_eq((uintptr_t)at % 16, 0);
    for (int i = 0; i < 40; i++) {
        cr_expect_eq(at[i], 0);
    }
}

Test(arena, gives_all_of_its_bytes_and_not_one_more)
{
    struct arena arena = small_arena();

    cr_expect_not_null(arena_bytes(&arena, sizeof(room)));
    cr_expect_not(arena.exhausted);
    cr_expect_null(arena_bytes(&arena, 1));
    cr_expect(arena.exhausted);
}

Test(arena, stays_exhausted_until_the_reset)
{
    struct arena arena = small_arena();

    cr_expect_null(arena_alloc(&arena, sizeof(room) + 1));
    cr_expect_not_null(arena_alloc(&arena, 16));
    cr_expect(arena.exhausted);
    arena_reset(&arena);

    cr_expect_not(arena.exhausted);
    cr_expect_eq(arena.used, 0);
}

Test(arena, refuses_sizes_that_overflow)
{
    struct arena arena = small_arena();

    cr_expect_null(arena_array(&arena, SIZE_MAX / 2, 4));
    cr_expect_null(arena_alloc(&arena, SIZE_MAX - 8));
    cr_expect_null(arena_bytes(&arena, SIZE_MAX));
    cr_expect(arena.exhausted);
}

Test(arena, returns_pages_past_what_it_keeps)
{
    struct arena arena;
    unsigned char resident[1] = {1};
    size_t far = 4u * ARENA_KEEP_BYTES;
    cr_assert(arena_init(&arena, 8u * ARENA_KEEP_BYTES));
    memset(arena_bytes(&arena, far), 7, far);

    arena_reset(&arena);

    char *page = arena.base + far - 4096;
    cr_assert_eq(mincore(page, 4096, resident), 0);
    cr_expect_eq(resident[0] & 1, 0);
    cr_expect_eq(arena.high, ARENA_KEEP_BYTES);
    arena_done(&arena);
}

Test(arena, returns_pages_that_were_written_but_never_taken)
{
    struct arena arena;
    unsigned char resident[1] = {1};
    size_t free_bytes = 0;
    size_t far = 4u * ARENA_KEEP_BYTES;
    cr_assert(arena_init(&arena, 8u * ARENA_KEEP_BYTES));
    char *rest = arena_rest(&arena, &free_bytes);
    cr_assert_eq(free_bytes, arena.size);
    memset(rest, 7, far);
    arena_rest_spoiled(&arena, far);

    arena_reset(&arena);

    cr_assert_eq(mincore(arena.base + far - 4096, 4096, resident), 0);
    cr_expect_eq(resident[0] & 1, 0);
    arena_done(&arena);
}

Test(arena, takes_from_the_rest_what_was_filled)
{
    struct arena arena = small_arena();
    size_t free_bytes = 0;
    (void)arena_bytes(&arena, 5);

    char *rest = arena_rest(&arena, &free_bytes);

    cr_expect_eq(free_bytes, sizeof(room) - 5);
    cr_expect_eq(arena_bytes(&arena, 10), rest);
}

Test(arena, copies_joins_and_formats_text)
{
    struct arena arena = small_arena();
    struct slice parts[] = {SLICE("a"), SLICE(""), SLICE("bc")};

    cr_expect(slice_eq(arena_copy(&arena, SLICE("abc")), SLICE("abc")));
    cr_expect(slice_eq(arena_concat(&arena, parts, 3), SLICE("abc")));
    cr_expect(slice_eq(arena_printf(&arena, "%d-%s", 7, "x"), SLICE("7-x")));
    cr_expect_str_eq(arena_str(&arena, SLICE("abc")), "abc");
    cr_expect_str_eq(arena_str(&arena, slice_of(NULL, 0)), "");
}

Test(arena, gives_the_empty_slice_when_a_copy_does_not_fit)
{
    struct arena arena = small_arena();
    char long_text[300];
    memset(long_text, 'x', sizeof(long_text));

    struct slice copy = arena_copy(&arena, slice_of(long_text, sizeof(long_text)));

    cr_expect_eq(copy.len, 0);
    cr_expect(arena.exhausted);
    cr_expect_null(arena_str(&arena, slice_of(long_text, sizeof(room))));
}
