/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/encode.h"
#include "tests/unit/rules/fixture.h"

static struct slice nth(struct fixture *f, item_transform *transform, const char *text, uint32_t n)
{
    struct pattern out[3];
    uint32_t count = 0;
    struct slice made = {NULL, 0};
    struct pattern literal = pattern_literal(&f->arena, slice_str(text));
    cr_assert(transform(&f->arena, literal, out, &count) && n < count);
    cr_assert(pattern_is_literal(out[n], &made));
    return made;
}

Test(encode, base64_pads)
{
    struct fixture *f = fixture_new();
    cr_expect(slice_eq(nth(f, encode_base64, "a", 0), SLICE("YQ==")));
    cr_expect(slice_eq(nth(f, encode_base64, "ab", 0), SLICE("YWI=")));
    cr_expect(slice_eq(nth(f, encode_base64, "abc", 0), SLICE("YWJj")));
    cr_expect(slice_eq(nth(f, encode_base64, "\xff\xfe", 0), SLICE("//4=")));
    fixture_free(f);
}

Test(encode, base64_offsets_keep_only_what_the_text_decides)
{
    struct fixture *f = fixture_new();
    cr_expect(slice_eq(nth(f, encode_base64_offset, "http://", 0), SLICE("aHR0cDovL")));
    cr_expect(slice_eq(nth(f, encode_base64_offset, "http://", 1), SLICE("h0dHA6Ly")));
    cr_expect(slice_eq(nth(f, encode_base64_offset, "http://", 2), SLICE("odHRwOi8v")));
    fixture_free(f);
}

Test(encode, wide_text_is_utf_16_beyond_ascii_too)
{
    struct fixture *f = fixture_new();
    cr_expect(slice_eq(nth(f, encode_wide_le, "a\xe2\x82\xac", 0), SLICE("a\0\xac\x20")));
    cr_expect(slice_eq(nth(f, encode_wide_be, "a", 0), SLICE("\0a")));
    cr_expect(slice_eq(nth(f, encode_wide_le, "\xf0\x9f\x98\x80", 0), SLICE("\x3d\xd8\x00\xde")));
    cr_expect(slice_eq(nth(f, encode_wide_bom, "a", 0), SLICE("\xff\xfe\x61\0")));
    fixture_free(f);
}

Test(encode, wildcards_cannot_be_encoded)
{
    struct fixture *f = fixture_new();
    struct pattern out[3];
    uint32_t count = 0;
    struct pattern wild = pattern_parse(&f->arena, SLICE("a*"));
    cr_expect_not(encode_base64(&f->arena, wild, out, &count));
    cr_expect_not(encode_base64_offset(&f->arena, wild, out, &count));
    cr_expect_not(encode_wide_bom(&f->arena, wild, out, &count));
    cr_expect(encode_windash(&f->arena, wild, out, &count) && count == 1);
    fixture_free(f);
}
