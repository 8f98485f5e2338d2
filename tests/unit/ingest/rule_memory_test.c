/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/rule_memory.h"
#include "tests/support/place.h"
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct bed {
    char folder[64];
    struct arena arena;
    struct rule_memory memory;
    const struct rules_memory *face;
};

static void bed_init(struct bed *bed)
{
    place_scratch(bed->folder);
    cr_assert(arena_init(&bed->arena, RULE_AUTOMATON_BYTES_MAX * 3));
    bed->face = rule_memory_init(&bed->memory, bed->folder, true);
    cr_assert(bed->face != NULL);
}

static void bed_done(struct bed *bed)
{
    arena_done(&bed->arena);
    place_remove(bed->folder);
}

static bool recalls(struct bed *bed, const uint8_t key[static 32], struct slice wanted)
{
    struct slice bytes;
    arena_reset(&bed->arena);
    return bed->face->recall(bed->face->context, key, &bed->arena, &bytes) &&
           slice_eq(bytes, wanted);
}

Test(rule_memory, gives_back_what_it_was_given_under_the_key)
{
    struct bed bed;
    const uint8_t key[32] = {1};
    const uint8_t other[32] = {2};
    bed_init(&bed);

    cr_expect_not(recalls(&bed, key, SLICE("automaton")));
    bed.face->keep(bed.face->context, key, SLICE("automaton"));

    cr_expect(recalls(&bed, key, SLICE("automaton")));
    cr_expect_not(recalls(&bed, other, SLICE("automaton")));
    bed_done(&bed);
}

Test(rule_memory, keeps_up_to_the_limit_and_nothing_past_it)
{
    struct bed bed;
    const uint8_t at[32] = {1};
    const uint8_t past[32] = {2};
    struct slice bytes;
    bed_init(&bed);
    char *text = calloc(1, RULE_AUTOMATON_BYTES_MAX + 1);

    bed.face->keep(bed.face->context, at, slice_of(text, RULE_AUTOMATON_BYTES_MAX));
    bed.face->keep(bed.face->context, past, slice_of(text, RULE_AUTOMATON_BYTES_MAX + 1));

    cr_expect(bed.face->recall(bed.face->context, at, &bed.arena, &bytes));
    cr_expect_not(bed.face->recall(bed.face->context, past, &bed.arena, &bytes));
    free(text);
    bed_done(&bed);
}

Test(rule_memory, forgets_what_was_not_asked_for_in_a_month)
{
    struct bed bed;
    const uint8_t old[32] = {1};
    const uint8_t used[32] = {2};
    const uint8_t fresh[32] = {3};
    const struct timespec long_ago[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    char path[256];
    bed_init(&bed);
    bed.face->keep(bed.face->context, old, SLICE("old"));
    bed.face->keep(bed.face->context, used, SLICE("used"));
    for (int i = 1; i <= 2; i++) {
        snprintf(path, sizeof(path), "%s/rules.cache/%02x%062d", bed.folder, (unsigned)i, 0);
        cr_assert_eq(utimensat(AT_FDCWD, path, long_ago, 0), 0);
    }

    cr_expect(recalls(&bed, used, SLICE("used")));
    bed.face->keep(bed.face->context, fresh, SLICE("fresh"));

    cr_expect_not(recalls(&bed, old, SLICE("old")));
    cr_expect(recalls(&bed, used, SLICE("used")));
    cr_expect(recalls(&bed, fresh, SLICE("fresh")));
    bed_done(&bed);
}

Test(rule_memory, a_path_too_long_is_no_memory)
{
    static struct rule_memory memory;
    static char path[PATH_MAX + 1];
    memset(path, 'a', PATH_MAX);

    cr_expect_null(rule_memory_init(&memory, path, true));
}
