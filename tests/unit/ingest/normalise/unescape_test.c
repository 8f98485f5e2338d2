/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/unescape.h"
#include "tests/unit/ingest/normalise/fixture.h"

static struct slice undo_once(const char *text, bool plus_is_space, bool *changed)
{
    static char copy[256];
    size_t length = strlen(text);
    *changed = false;
    memcpy(copy, text, length);
    return slice_of(copy, unescape(copy, length, plus_is_space, changed));
}

Test(unescape, undoes_one_layer)
{
    static const struct {
        const char *text;
        const char *is;
        bool changed;
    } rows[] = {
        {"%2527", "%27", true},
        {"%u0027", "'", true},
        {"%u00", "%u00", false},
        {"%", "%", false},
        {"%4", "%4", false},
        {"%4g", "%4g", false},
        {"&lt;&#60;", "<<", true},
        {"\\u003c", "<", true},
        {"\\u{1F600}", "\xf0\x9f\x98\x80", true},
        {"\\x3c", "<", true},
        {"\\x3", "\\x3", false},
        {"\\u{}", "\\u{}", false},
        {"\\u12", "\\u12", false},
        {"\\d800", "\\d800", false},
        {"a+b", "a b", true},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        bool changed = false;
        EXPECT_TEXT(undo_once(rows[i].text, true, &changed), rows[i].is);
        cr_expect_eq(changed, rows[i].changed, "%s", rows[i].text);
    }
}

Test(unescape, narrows_overlong_and_full_width_characters)
{
    static const char *const rows[][2] = {
        {"\xc0\xaf", "/"},     {"\xe0\x80\xaf", "/"}, {"\xf0\x80\x80\xaf", "/"},
        {"\xef\xbc\x87", "'"}, {"\xc2\xa0", " "},     {"\xc3\xa9", "\xc3\xa9"},
        {"\xed\xa0\x80", "?"}, {"\xe2\x88\x95", "/"}, {"\xff\xfe", "\xff\xfe"},
        {"\xc3", "\xc3"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char copy[8];
        bool changed = false;
        size_t length = strlen(rows[i][0]);
        memcpy(copy, rows[i][0], length);
        length = unescape_narrow(copy, length, &changed);
        EXPECT_TEXT(slice_of(copy, length), rows[i][1]);
        cr_expect_eq(changed, strcmp(rows[i][0], rows[i][1]) != 0);
    }
}

Test(unescape, repairs_what_is_no_utf8)
{
    char text[] = "a\xff"
                  "b\xc3\xa9\xc3";
    unescape_repair(text, sizeof(text) - 1);
    EXPECT_TEXT(slice_str(text), "a?b\xc3\xa9?");
}

Test(unescape, knows_what_it_would_leave_alone)
{
    cr_expect_not(unescape_may_change("plain+text", 10, false));
    cr_expect(unescape_may_change("plain+text", 10, true));
    cr_expect(unescape_may_change("a%20", 4, false));
    cr_expect(unescape_may_change("\xc3\xa9", 2, false));
}
