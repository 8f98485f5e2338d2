/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/intake/refused.h"
#include <criterion/criterion.h>

static struct arena arena;
static struct refused refused;

static void setup(void)
{
    cr_assert(arena_init(&arena, 1u << 20));
    refused = (struct refused){0};
}

static void teardown(void)
{
    arena_done(&arena);
}

TestSuite(refused, .init = setup, .fini = teardown);

static void add(uint32_t project, const char *reason)
{
    refused_add(&refused,
                &(struct refusal){project, FATE_INVALID, CATEGORY_ERROR, 1, slice_str(reason)});
}

Test(refused, a_flood_is_one_line)
{
    for (unsigned i = 0; i < 10000; i++) {
        char reason[] = "malformed"; /* not kept by the caller */
        add(7, reason);
    }
    add(8, "malformed");
    struct slice lines = refused_write(&refused, &arena);
    cr_expect(
        slice_eq(lines, SLICE("7 invalid error 10000 malformed\n8 invalid error 1 malformed\n")));
    cr_expect_eq(refused_write(&refused, &arena).len, 0u);

    refused_again(&refused, lines);
    cr_expect(slice_eq(refused_write(&refused, &arena), lines));
}

Test(refused, so_many_different_ones_are_kept_and_others_are_lost)
{
    for (uint32_t i = 1; i <= REFUSED_ROWS; i++) {
        add(i, "x");
    }
    cr_expect(refused.count == REFUSED_ROWS && refused.lost == 0);
    add(REFUSED_ROWS + 1, "x");
    add(1, "x");
    cr_expect(refused.count == REFUSED_ROWS && refused.lost == 1 && refused.rows[0].quantity == 2);
}

Test(refused, without_memory_nothing_is_forgotten)
{
    char room[16];
    struct arena small;
    arena_over(&small, room, sizeof(room));
    add(1, "x");
    cr_expect_eq(refused_write(&refused, &small).len, 0u);
    cr_expect_eq(refused.count, 1u);
}
