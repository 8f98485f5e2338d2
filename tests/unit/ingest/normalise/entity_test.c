/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/entity.h"
#include "tests/unit/ingest/normalise/fixture.h"

Test(entity, reads_names_and_numbers)
{
    static const struct {
        const char *text;
        size_t used;
        uint32_t point;
    } rows[] = {
        {"&lt;b", 4, '<'},
        {"&LT;", 4, '<'},
        {"&quot;", 6, '"'},
        {"&colon;", 7, ':'},
        {"&Tab;", 5, '\t'},
        {"&#60;", 5, '<'},
        {"&#x3c;", 6, '<'},
        {"&#X3C", 5, '<'},
        {"&#60x", 4, '<'},
        {"&#0000000060;", 13, '<'},
        {"&#xffffffff;", 12, 0x10FFFFF},
        {"&lt", 0, 0},
        {"&nothing;", 0, 0},
        {"&", 0, 0},
        {"&#", 0, 0},
        {"&#x;", 0, 0},
        {"&#;", 0, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint32_t point = 0;
        size_t used = entity_read(rows[i].text, strlen(rows[i].text), &point);
        cr_expect_eq(used, rows[i].used, "%s used %zu", rows[i].text, used);
        cr_expect(used == 0 || point == rows[i].point || point > 0x10FFFF, "%s", rows[i].text);
    }
}

Test(entity, writes_utf8_and_a_mark_for_what_is_none)
{
    static const struct {
        uint32_t point;
        const char *is;
    } rows[] = {
        {'<', "<"},    {0xE9, "\xc3\xa9"}, {0x20AC, "\xe2\x82\xac"}, {0x1F600, "\xf0\x9f\x98\x80"},
        {0xD800, "?"}, {0x110000, "?"}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char bytes[4];
        EXPECT_TEXT(slice_of(bytes, entity_write(rows[i].point, bytes)), rows[i].is);
    }
}
