/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/percent.h"
#include <criterion/criterion.h>

static char room[256];

static struct slice decode(struct slice text, bool plus_is_space)
{
    struct arena arena;
    arena_over(&arena, room, sizeof(room));
    return percent_decode(&arena, text, plus_is_space);
}

Test(percent, decodes_what_is_encoded)
{
    cr_expect(slice_eq(decode(SLICE("a%2Fb%2f"), false), SLICE("a/b/")));
    cr_expect(slice_eq(decode(SLICE("%00%ff"), false), SLICE("\0\xff")));
    cr_expect(slice_eq(decode(SLICE("a+b"), true), SLICE("a b")));
    cr_expect(slice_eq(decode(SLICE("a+b"), false), SLICE("a+b")));
    cr_expect(slice_eq(decode(SLICE("a%2Bb"), true), SLICE("a+b")));
}

Test(percent, a_sign_without_two_digits_stands_for_itself)
{
    cr_expect(slice_eq(decode(SLICE("100%"), false), SLICE("100%")));
    cr_expect(slice_eq(decode(SLICE("%4"), false), SLICE("%4")));
    cr_expect(slice_eq(decode(SLICE("%zz%41"), false), SLICE("%zzA")));
    cr_expect(slice_eq(decode(SLICE("%%41"), false), SLICE("%A")));
}

Test(percent, borrows_what_is_not_encoded)
{
    struct slice text = SLICE("plain");
    cr_expect_eq(decode(text, true).at, text.at);
}

Test(percent, gives_nothing_when_the_arena_is_full)
{
    struct arena arena;
    arena_over(&arena, room, 2);
    cr_expect_eq(percent_decode(&arena, SLICE("%41%42%43"), false).len, 0);
    cr_expect(arena.exhausted);
}

Test(percent, walks_over_pairs)
{
    struct slice rest = SLICE("a=1&&b=&c&=d&e=f=g");
    static const char *const expected[][2] = {
        {"a", "1"}, {"b", ""}, {"c", ""}, {"", "d"}, {"e", "f=g"}};
    struct slice name;
    struct slice value;
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        cr_assert(percent_next_pair(&rest, '&', &name, &value), "%zu", i);
        cr_expect(slice_eq(name, slice_str(expected[i][0])), "%zu", i);
        cr_expect(slice_eq(value, slice_str(expected[i][1])), "%zu", i);
    }
    cr_expect_not(percent_next_pair(&rest, '&', &name, &value));
}

Test(percent, drops_the_spaces_of_header_lists)
{
    struct slice rest = SLICE(" a = 1 , b=2 ,");
    struct slice name;
    struct slice value;
    cr_assert(percent_next_pair(&rest, ',', &name, &value));
    cr_expect(slice_eq(name, SLICE("a")) && slice_eq(value, SLICE("1")));
    cr_assert(percent_next_pair(&rest, ',', &name, &value));
    cr_expect(slice_eq(name, SLICE("b")) && slice_eq(value, SLICE("2")));
    cr_expect_not(percent_next_pair(&rest, ',', &name, &value));
}
