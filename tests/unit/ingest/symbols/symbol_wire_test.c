/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/symbols/symbol_wire.h"
#include <criterion/criterion.h>
#include <stdlib.h>

static struct arena arena;
static struct buffer wire;

static void setup(void)
{
    cr_assert(arena_init(&arena, 1u << 20));
    buffer_init(&wire, SYMBOL_ANSWER_BYTES_MAX);
}

static void teardown(void)
{
    buffer_done(&wire);
    arena_done(&arena);
}

TestSuite(symbol_wire, .init = setup, .fini = teardown);

static struct symbol_place places[2] = {
    {SLICE_INIT("price"), SLICE_INIT("_Z5pricei"), SLICE_INIT("/src/shop.c"), 7, 3},
    {SLICE_INIT("checkout"), {NULL, 0}, {NULL, 0}, 0, 0},
};
static const struct symbol found = {SYMBOL_FOUND, 2, places};
static const struct symbol missing = {.status = SYMBOL_NO_SYMBOL};

Test(symbol_wire, brings_over_what_was_written)
{
    struct symbol one;
    struct symbol two;
    symbol_write(&wire, &found);
    symbol_write(&wire, &missing);
    struct slice rest = buffer_slice(&wire);
    cr_assert(symbol_read(&rest, &arena, &one));
    cr_assert(symbol_read(&rest, &arena, &two));
    cr_expect_eq(rest.len, 0);
    cr_assert_eq(one.count, 2);
    cr_expect(slice_eq(one.places[0].raw_function, SLICE("_Z5pricei")));
    cr_expect(slice_eq(one.places[0].file, SLICE("/src/shop.c")));
    cr_expect(one.places[0].line == 7 && one.places[0].column == 3);
    cr_expect(slice_eq(one.places[1].function, SLICE("checkout")));
    cr_expect(two.status == SYMBOL_NO_SYMBOL && two.count == 0);
}

Test(symbol_wire, is_stepped_over_as_far_as_it_is_read)
{
    struct symbol symbol;
    symbol_write(&wire, &found);
    symbol_write(&wire, &missing);
    struct slice rest = buffer_slice(&wire);
    struct slice first = symbol_skip(&rest);
    struct slice second = symbol_skip(&rest);
    cr_expect_eq(first.len + second.len, wire.len);
    cr_expect(symbol_read(&first, &arena, &symbol));
    cr_expect_eq(symbol_skip(&rest).len, 0);
}

Test(symbol_wire, cut_anywhere_is_refused)
{
    symbol_write(&wire, &found);
    for (size_t length = 0; length < wire.len; length++) {
        char *exact = malloc(length + 1);
        struct slice in = slice_of(exact, length);
        struct symbol symbol;
        memcpy(exact, wire.at, length);
        cr_expect_not(symbol_read(&in, &arena, &symbol), "%zu", length);
        in = slice_of(exact, length);
        cr_expect_eq(symbol_skip(&in).len, 0);
        free(exact);
    }
}

Test(symbol_wire, that_lies_is_refused)
{
    static const struct {
        unsigned at;
        char byte;
    } lies[] = {{0, SYMBOL_STATUS_COUNT},
                {0, SYMBOL_NO_FILE},
                {1, 0},
                {1, SYMBOL_PLACES_MAX + 1},
                {1, 3},
                {11, '\377'}};
    for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
        struct symbol symbol;
        buffer_reset(&wire);
        symbol_write(&wire, &found);
        wire.at[lies[i].at] = lies[i].byte;
        struct slice in = buffer_slice(&wire);
        cr_expect_not(symbol_read(&in, &arena, &symbol), "%zu", i);
    }
}

Test(symbol_wire, without_memory_is_refused)
{
    struct symbol symbol;
    symbol_write(&wire, &found);
    while (arena_alloc(&arena, 64) != NULL) {
    }
    struct slice in = buffer_slice(&wire);
    cr_expect_not(symbol_read(&in, &arena, &symbol));
}
