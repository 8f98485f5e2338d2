/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/dwarf.h"
#include "tests/support/place.h"
#include "tests/unit/ingest/symbols/made.h"

static struct arena arena;
static void *returns_to;

enum { LOOK_LINE = __LINE__ + 2 };
__attribute__((noinline)) static void look(void)
{
    returns_to = __builtin_return_address(0);
    __asm__ volatile("");
}

static inline __attribute__((always_inline)) void price(void)
{
    look(); /* PRICE */
    __asm__ volatile("");
}
enum { PRICE_LINE = __LINE__ - 3 };

__attribute__((noinline)) static void checkout(void)
{
    __asm__ volatile("");
    price(); /* CHECKOUT */
    __asm__ volatile("");
}
enum { CHECKOUT_LINE = __LINE__ - 3 };

static void setup(void)
{
    cr_assert(arena_init(&arena, 1u << 20));
    checkout();
}

static void teardown(void)
{
    arena_done(&arena);
}

TestSuite(dwarf, .init = setup, .fini = teardown);

Test(dwarf, names_the_function_its_file_and_line)
{
    struct symbol symbol;
    struct dwarf_file *file = dwarf_open(made_open_self());
    cr_assert_not_null(file);
    dwarf_find(file, made_offset((const void *)(uintptr_t)look), &arena, &symbol);
    cr_assert_eq(symbol.status, SYMBOL_FOUND);
    cr_assert_eq(symbol.count, 1);
    cr_expect(slice_eq(symbol.places[0].function, SLICE("look")));
    cr_expect(slice_ends(symbol.places[0].file, SLICE("/symbols/dwarf_test.c")));
    cr_expect(symbol.places[0].file.at[0] == '/');
    cr_expect_eq(symbol.places[0].line, LOOK_LINE);
    dwarf_close(file);
}

Test(dwarf, names_what_was_inlined_and_where_it_was_called)
{
    struct symbol symbol;
    struct dwarf_file *file = dwarf_open(made_open_self());
    dwarf_find(file, made_offset(returns_to) - 1, &arena, &symbol);
    cr_assert_eq(symbol.count, 2);
    cr_expect(slice_eq(symbol.places[0].function, SLICE("price")));
    cr_expect_eq(symbol.places[0].line, PRICE_LINE);
    cr_expect(slice_eq(symbol.places[1].function, SLICE("checkout")));
    cr_expect_eq(symbol.places[1].line, CHECKOUT_LINE);
    cr_expect(slice_ends(symbol.places[1].file, SLICE("/symbols/dwarf_test.c")));
    dwarf_close(file);
}

Test(dwarf, says_when_it_knows_nothing)
{
    static const uint64_t nowhere[] = {0, UINT64_C(1) << 40, UINT64_MAX, UINT64_MAX / 2};
    struct dwarf_file *file = dwarf_open(made_open_self());
    for (size_t i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
        struct symbol symbol;
        dwarf_find(file, nowhere[i], &arena, &symbol);
        cr_expect_eq(symbol.status, SYMBOL_NO_SYMBOL, "%zu", i);
        cr_expect_eq(symbol.count, 0);
    }
    dwarf_close(file);
}

Test(dwarf, refuses_what_is_no_elf_file)
{
    char scratch[64];
    char path[96];
    place_scratch(scratch);
    snprintf(path, sizeof(path), "%s/x", scratch);
    made_write(path, "no program at all, but long enough to be looked at: 0123456789abcdef", 68);
    cr_expect_null(dwarf_open(open(path, O_RDONLY)));
    struct made file = made(); /* headers and no code */
    struct symbol symbol;
    made_write(path, &file, sizeof(file));
    struct dwarf_file *opened = dwarf_open(open(path, O_RDONLY));
    if (opened != NULL) {
        dwarf_find(opened, 16, &arena, &symbol);
        cr_expect_eq(symbol.status, SYMBOL_NO_SYMBOL);
    }
    dwarf_close(opened);
    place_remove(scratch);
}
