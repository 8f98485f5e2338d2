/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/slice.h"
#include <criterion/criterion.h>

static const struct slice nothing = {NULL, 0};

Test(slice, empty_ones_are_equal_wherever_they_point)
{
    cr_expect(slice_eq(nothing, SLICE("")));
    cr_expect(slice_eq_nocase(nothing, SLICE("")));
    cr_expect(slice_starts(SLICE("abc"), nothing));
    cr_expect(slice_ends(nothing, nothing));
    cr_expect_eq(slice_compare(nothing, SLICE("")), 0);
    cr_expect_eq(slice_trim(nothing).len, 0);
    cr_expect_eq(slice_find(nothing, 'a'), 0);
}

Test(slice, compares_bytes_and_nothing_past_them)
{
    cr_expect(slice_eq(SLICE("a\0b"), SLICE("a\0b")));
    cr_expect_not(slice_eq(SLICE("a\0b"), SLICE("a\0c")));
    cr_expect_not(slice_eq(SLICE("ab"), SLICE("abc")));
    cr_expect(slice_eq_nocase(SLICE("GZip"), SLICE("gzIP")));
    cr_expect(slice_starts(SLICE("abc"), SLICE("ab")));
    cr_expect_not(slice_starts(SLICE("a"), SLICE("ab")));
    cr_expect(slice_ends(SLICE("abc"), SLICE("bc")));
}

Test(slice, trims_white_space_at_both_ends)
{
    cr_expect(slice_eq(slice_trim(SLICE(" \t\r\na b\n")), SLICE("a b")));
    cr_expect_eq(slice_trim(SLICE(" \n ")).len, 0);
}

Test(slice, orders_like_strcmp)
{
    cr_expect(slice_compare(SLICE("a"), SLICE("b")) < 0);
    cr_expect(slice_compare(SLICE("b"), SLICE("a")) > 0);
    cr_expect(slice_compare(SLICE("a"), SLICE("ab")) < 0);
    cr_expect(slice_compare(SLICE("\xff"), SLICE("a")) > 0);
    cr_expect_eq(slice_compare(SLICE("ab"), SLICE("ab")), 0);
}

Test(slice, finds_the_first_or_the_length)
{
    cr_expect_eq(slice_find(SLICE("abca"), 'a'), 0);
    cr_expect_eq(slice_find(SLICE("abc"), 'x'), 3);
    cr_expect_eq(slice_search(SLICE("abcabc"), SLICE("ca")), 2);
    cr_expect_eq(slice_search(SLICE("abc"), SLICE("abcd")), 3);
    cr_expect_eq(slice_search(SLICE("abc"), nothing), 3);
}

Test(slice, search_agrees_with_memmem_at_every_length_and_place)
{
    char text[80];
    char needle[72];
    for (size_t i = 0; i < sizeof(text); i++) {
        text[i] = "abab\xff"[i * i % 7 % 5];
    }
    for (size_t from = 0; from < 8; from++) {
        for (size_t size = 1; size + from < sizeof(text) && size <= sizeof(needle); size++) {
            memcpy(needle, text + from, size);
            for (size_t end = 0; end <= sizeof(text); end++) {
                const char *at = memmem(text, end, needle, size);
                size_t wanted = at != NULL ? (size_t)(at - text) : end;
                cr_assert_eq(slice_search(slice_of(text, end), slice_of(needle, size)), wanted);
            }
            needle[size - 1] = 'c';
            cr_assert_eq(slice_search(slice_of(text, 80), slice_of(needle, size)), 80);
        }
    }
}

Test(slice, parts_stay_inside)
{
    cr_expect(slice_eq(slice_from(SLICE("abc"), 1), SLICE("bc")));
    cr_expect_eq(slice_from(SLICE("abc"), 3).len, 0);
    cr_expect_eq(slice_from(SLICE("abc"), 9).len, 0);
    cr_expect(slice_eq(slice_head(SLICE("abc"), 2), SLICE("ab")));
    cr_expect(slice_eq(slice_head(SLICE("abc"), 9), SLICE("abc")));
}

Test(slice, cuts_between_characters)
{
    struct slice text = SLICE("a\xc3\xa9\xe2\x82\xac"); /* a é € */

    cr_expect_eq(slice_cut_utf8(text, 6).len, 6);
    cr_expect_eq(slice_cut_utf8(text, 5).len, 3);
    cr_expect_eq(slice_cut_utf8(text, 3).len, 3);
    cr_expect_eq(slice_cut_utf8(text, 2).len, 1);
    cr_expect_eq(slice_cut_utf8(text, 0).len, 0);
}
