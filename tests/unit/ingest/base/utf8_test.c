/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/utf8.h"
#include <criterion/criterion.h>

static const struct {
    struct slice text;
    size_t first;
    bool is;
} cases[] = {
    {SLICE_INIT("a"), 1, true},
    {SLICE_INIT("\0"), 1, true},
    {SLICE_INIT("\xc3\xa9"), 2, true},
    {SLICE_INIT("\xe2\x82\xac"), 3, true},
    {SLICE_INIT("\xf4\x8f\xbf\xbf"), 4, true},
    {SLICE_INIT("12345678\xc3\xa9"
                "12345678"),
     1, true},
    {SLICE_INIT("1234567\xc3\xa9"
                "1234567"),
     1, true},
    {SLICE_INIT("12345678\xff"), 1, false},
    {SLICE_INIT("\xc3"), 0, false},             /* cut */
    {SLICE_INIT("\xc3z"), 0, false},            /* not continued */
    {SLICE_INIT("\xa9"), 0, false},             /* continues nothing */
    {SLICE_INIT("\xc1\x81"), 0, false},         /* overlong */
    {SLICE_INIT("\xe0\x9f\xbf"), 0, false},     /* overlong */
    {SLICE_INIT("\xf0\x8f\xbf\xbf"), 0, false}, /* overlong */
    {SLICE_INIT("\xed\xa0\x80"), 0, false},     /* surrogate */
    {SLICE_INIT("\xf4\x90\x80\x80"), 0, false}, /* past U+10FFFF */
    {SLICE_INIT("\xf5\x80\x80\x80"), 0, false},
};

Test(utf8, is_what_rfc_3629_says)
{
    cr_expect(utf8_is(SLICE("")));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_eq(utf8_first_bytes(cases[i].text), cases[i].first, "case %zu", i);
        cr_expect_eq(utf8_is(cases[i].text), cases[i].is, "case %zu", i);
    }
}
