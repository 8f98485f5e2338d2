/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/automaton.h"
#include <criterion/criterion.h>
#include <stdlib.h>

struct bed {
    struct arena arena;
    struct automaton automaton;
    uint32_t refused[4];
    struct slice bytes;
};

static void bed_init(struct bed *bed)
{
    hs_compile_error_t *error = NULL;
    *bed = (struct bed){.refused = {7, 3}};
    bed->automaton = (struct automaton){.refused = bed->refused, .refused_count = 2, .room = 4};
    cr_assert(arena_init(&bed->arena, 16u << 20));
    cr_assert_eq(hs_compile("x[0-9]", 0, HS_MODE_BLOCK, NULL, &bed->automaton.database, &error),
                 HS_SUCCESS);
    cr_assert(automaton_write(&bed->arena, &bed->automaton, &bed->bytes));
}

static void bed_done(struct bed *bed)
{
    hs_free_database(bed->automaton.database);
    arena_done(&bed->arena);
}

Test(automaton, is_read_as_it_was_written)
{
    struct bed bed;
    uint32_t refused[4] = {0};
    struct automaton back = {.refused = refused, .room = 4};
    bed_init(&bed);

    cr_assert(automaton_read(bed.bytes, &back));
    cr_expect_eq(back.refused_count, 2);
    cr_expect_eq(refused[0], 7);
    cr_expect_eq(refused[1], 3);
    cr_expect_not_null(back.database);
    hs_free_database(back.database);
    bed_done(&bed);
}

Test(automaton, is_not_read_when_cut_or_changed_anywhere)
{
    struct bed bed;
    uint32_t refused[4];
    struct automaton back = {.refused = refused, .room = 4};
    bed_init(&bed);
    char *text = malloc(bed.bytes.len);

    for (size_t i = 0; i < bed.bytes.len; i++) {
        cr_expect_not(automaton_read(slice_head(bed.bytes, i), &back), "%zu bytes", i);
        memcpy(text, bed.bytes.at, bed.bytes.len);
        text[i] ^= 1;
        cr_expect_not(automaton_read(slice_of(text, bed.bytes.len), &back), "byte %zu", i);
    }
    cr_expect_null(back.database);
    free(text);
    bed_done(&bed);
}

Test(automaton, that_refused_more_than_there_is_room_for_is_not_read)
{
    struct bed bed;
    uint32_t refused[1];
    struct automaton back = {.refused = refused, .room = 1};
    bed_init(&bed);

    cr_expect_not(automaton_read(bed.bytes, &back));
    bed_done(&bed);
}
