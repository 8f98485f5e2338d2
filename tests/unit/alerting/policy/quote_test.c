/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/policy/quote.h"
#include <criterion/criterion.h>

static void expect(void (*quote)(struct slice, struct buffer *), struct slice text,
                   struct slice expected)
{
    struct buffer out;
    buffer_init(&out, 1024);
    quote(text, &out);
    cr_expect(slice_eq(buffer_slice(&out), expected), "%.*s", SLICE_ARG(buffer_slice(&out)));
    buffer_done(&out);
}

/* Each expectation is what Go's strconv.Quote prints. */
Test(quote, go_escapes_what_cannot_be_seen)
{
    static const struct {
        struct slice text;
        struct slice expected;
    } cases[] = {
        {SLICE_INIT(""), SLICE_INIT("\"\"")},
        {SLICE_INIT("plain"), SLICE_INIT("\"plain\"")},
        {SLICE_INIT("a\"b\\c"), SLICE_INIT("\"a\\\"b\\\\c\"")},
        {SLICE_INIT("\a\b\t\n\v\f\r"), SLICE_INIT("\"\\a\\b\\t\\n\\v\\f\\r\"")},
        {SLICE_INIT("\x01\x7F"), SLICE_INIT("\"\\x01\\x7f\"")},
        {SLICE_INIT("gr\xC3\xBC\xC3\x9F"), SLICE_INIT("\"gr\xC3\xBC\xC3\x9F\"")},
        {SLICE_INIT("\xF0\x9F\x94\x94"), SLICE_INIT("\"\xF0\x9F\x94\x94\"")},
        {SLICE_INIT("a\xE2\x80\x8B"
                    "b"),
         SLICE_INIT("\"a\\u200b"
                    "b\"")},
        {SLICE_INIT("\xC2\xA0"), SLICE_INIT("\"\\u00a0\"")},
        {SLICE_INIT("\xF3\xB0\x80\x80"), SLICE_INIT("\"\\U000f0000\"")},
        {SLICE_INIT("\xFF\xC3"), SLICE_INIT("\"\\xff\\xc3\"")},
        {SLICE_INIT("\xC0\x80"), SLICE_INIT("\"\\xc0\\x80\"")},
        {SLICE_INIT("\xED\xA0\x80"), SLICE_INIT("\"\\xed\\xa0\\x80\"")},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        expect(quote_go, cases[i].text, cases[i].expected);
    }
}

Test(quote, metrics_escape_three_characters)
{
    expect(quote_metrics, SLICE("a\\b\"c\nd\te"), SLICE("\"a\\\\b\\\"c\\nd\te\""));
    expect(quote_metrics, SLICE(""), SLICE("\"\""));
}
