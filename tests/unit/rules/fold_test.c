/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/fold.h"
#include "rules/fold_table.h"
#include "tests/unit/rules/fixture.h"

Test(fold, brings_letters_to_one_case)
{
    static const struct {
        const char *text;
        const char *folded;
    } cases[] = {
        {"", ""},
        {"ABCxyz@[`{09", "abcxyz@[`{09"},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"},
        {"\xc3\x89T\xc3\x89", "\xc3\xa9t\xc3\xa9"},
        {"\xe2\x84\xaa", "k"},                        /* Kelvin sign: three bytes become one */
        {"\xc8\xba", "\xe2\xb1\xa5"},                 /* two bytes become three */
        {"\xce\xa3\xcf\x82", "\xcf\x83\xcf\x83"},     /* both sigmas */
        {"\xf0\x90\x90\x80", "\xf0\x90\x90\xa8"},     /* Deseret */
        {"A\xff\xc3Z\xe2\x82", "a\xff\xc3z\xe2\x82"}, /* not UTF-8: bytes stay */
        {"\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac"},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice folded = fold_text(&f->arena, slice_str(cases[i].text));
        cr_expect(slice_eq(folded, slice_str(cases[i].folded)), "%s: %.*s", cases[i].text,
                  SLICE_ARG(folded));
        cr_expect(slice_eq(fold_text(&f->arena, folded), folded), "folding twice changes %s",
                  cases[i].text);
    }
    fixture_free(f);
}

Test(fold, ascii_agrees_with_the_plain_way_at_every_length)
{
    struct fixture *f = fixture_new();
    char text[41];
    for (int i = 0; i < 41; i++) {
        text[i] = (char)(i * 3 % 128);
    }
    for (size_t from = 0; from < 8; from++) {
        for (size_t to = from; to <= sizeof(text); to++) {
            struct slice folded = fold_text(&f->event, slice_of(text + from, to - from));
            cr_assert_eq(folded.len, to - from);
            for (size_t i = 0; i < folded.len; i++) {
                char c = text[from + i];
                char expected = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
                cr_assert_eq(folded.at[i], expected);
            }
        }
    }
    fixture_free(f);
}

Test(fold, a_full_arena_gives_the_empty_text)
{
    char room[16];
    struct arena arena;
    arena_over(&arena, room, sizeof(room));

    cr_expect_eq(fold_text(&arena, SLICE("longer than sixteen bytes")).len, 0u);
    cr_expect(arena.exhausted);
}

Test(fold_table, ranges_are_in_order_and_apart)
{
    for (size_t i = 0; i < fold_range_count; i++) {
        const struct fold_range *range = &fold_ranges[i];
        cr_expect(range->first <= range->last && range->step >= 1);
        cr_expect_eq((range->last - range->first) % range->step, 0u);
        cr_expect(i == 0 || fold_ranges[i - 1].last < range->first, "range %zu", i);
        cr_expect_eq(fold_point(range->first), (uint32_t)((int64_t)range->first + range->delta));
    }
    cr_expect_eq(fold_point(0x100), 0x101u);
    cr_expect_eq(fold_point(0x101), 0x101u);
    cr_expect_eq(fold_point(0x10ffff), 0x10ffffu);
}
