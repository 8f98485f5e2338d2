/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/collapse.h"
#include "tests/unit/ingest/normalise/fixture.h"

Test(collapse, makes_one_space_of_comments_and_white_space)
{
    static const struct {
        struct slice text;
        const char *is;
    } rows[] = {
        {S("a/**/b"), "a b"},
        {S("a /* x */ b"), "a b"},
        {S("a/*!12345b*/c"), "a b c"},
        {S("a/*!b*/c"), "a b c"},
        {S("a/*(b)*/c"), "a (b) c"},
        {S("a/*b"), "a/*b"},
        {S("a*/b"), "a*/b"},
        {S("/*"), "/*"},
        {S("a\0b\0"), "ab"},
        {S("\t\n a\v\f\rb"), " a b"},
        {S(""), ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char copy[64];
        memcpy(copy, rows[i].text.at, rows[i].text.len);
        EXPECT_TEXT(slice_of(copy, collapse(copy, rows[i].text.len)), rows[i].is);
    }
}
