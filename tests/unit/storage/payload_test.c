/* SPDX-License-Identifier: Apache-2.0 */
/* What batch_payload packs, as Redis' own cmsgpack reads it. */
#include "tests/support/books.h"
#include <criterion/criterion.h>

static struct books books;

static void set_up(void)
{
    books_open(&books);
}

static void tear_down(void)
{
    books_close(&books);
}

TestSuite(payload, .init = set_up, .fini = tear_down, .timeout = 60);

/* Ids become their text up to the first NUL, places "sequence.index", metas "title/release". */
static const char READ[] =
    "local b = cmsgpack.unpack(ARGV[1])\n"
    "local function each(list, f) local o = {} for i, v in ipairs(list) do o[i] = f(v) end "
    "return table.concat(o, ',') end\n"
    "local function id(v) return (string.gsub(v, '%z.*', '')) end\n"
    "local function place(v) local h, l, i = struct.unpack('>I4I4I2', string.sub(v, 5)) "
    "return string.sub(v, 1, 4) .. h .. '.' .. l .. '.' .. i end\n"
    "local function meta(v) if v == '' then return '=' end local m = cmsgpack.unpack(v) "
    "return m[1] .. '/' .. m[8] end\n"
    "local function match(m) return m[1] .. ':' .. m[4] .. '<' .. table.concat(m[5], ' ') .. '>' "
    "end\n"
    "local function group(g) return #g[1] .. ' ' .. string.format('%.0f', g[2]) .. ' ' .. g[3] .. "
    "'-' .. g[4] .. ' ' .. table.concat(g[5], '+') .. ' ' .. each(g[6], match) end\n"
    "local out = {'' .. b[1]}\n"
    "for _, s in ipairs(b[2]) do out[#out + 1] = table.concat({s[1], s[2], each(s[3], id), "
    "each(s[4], place), each(s[5], function(v) return string.format('%.0f', v) end), "
    "each(s[6], meta), each(s[7], group)}, ';') end\n"
    "return table.concat(out, '\\n')";

static void expect_payload(const char *expected)
{
    struct slice payload =
        batch_payload(books.applier.batch, BOOKS_PROJECT, books.applier.node, 60);
    redisReply *reply = redis_command(books.link, "EVAL %s 0 %b", READ, payload.at, payload.len);
    cr_expect_str_eq(reply->str, expected);
    freeReplyObject(reply);
}

Test(payload, rows_lie_in_columns_by_group_and_a_repeated_description_is_left_out)
{
    struct effect events[4] = {books_event("e1", "h1"), books_event("e2", "h2"),
                               books_event("e3", "h1"), books_event("e4", "h1")};
    for (unsigned i = 0; i < 4; i++) {
        events[i].at_us = 1000 * (1 + i);
        events[i].index = i;
    }
    events[3].release = SLICE("2.0");
    for (unsigned i = 0; i < 4; i++) {
        books_add(&books, &events[i]);
    }

    expect_payload("60\n7;500000;e1,e3,e4,e2;node0.1.0,node0.3.2,node0.4.3,node0.2.1;1,3,4,2;"
                   "ValueError: no/1.0,=,ValueError: no/2.0,ValueError: no/1.0;"
                   "1 1800000600000 1-3  ,1 1800000600000 4-4  ");
}

Test(payload, users_and_matches_hang_on_their_group)
{
    struct effect_match rules[] = {{SLICE("r1"), SLICE("One"), SLICE("high")},
                                   {SLICE("r2"), SLICE("Two"), SLICE("low")}};
    struct effect events[4] = {books_event("e1", "h2"), books_event("e2", "h1"),
                               books_event("e3", "h1"), books_event("e4", "h1")};
    for (unsigned i = 0; i < 4; i++) {
        events[i].at_us = 0;
        events[i].title = SLICE("t");
        events[i].user = i < 3 ? SLICE("id:1") : SLICE("id:2");
        events[i].matches = rules;
        events[i].match_count = i % 3;
        books_add(&books, &events[i]);
    }
    events[2].environment = SLICE("dev");

    expect_payload("60\n7;500000;e1,e2,e3,e4;node0.1.0,node0.2.0,node0.3.0,node0.4.0;0,0,0,0;"
                   "t/1.0,=,t/1.0,t/1.0;1 1800000600000 1-1 id:1 ,"
                   "1 1800000600000 2-4 id:1+id:2 r1:production<2>,r1:dev<3>,r2:dev<3>");
}

Test(payload, projects_and_hours_are_sections)
{
    struct effect events[3] = {books_event("e1", "h1"), books_event("e2", "h1"),
                               books_event("e3", "h1")};
    events[1].project += PARTITION_COUNT;
    events[2].received_us += BOOKS_HOUR_US;
    for (unsigned i = 0; i < 3; i++) {
        events[i].at_us = 0;
        events[i].title = SLICE("t");
        books_add(&books, &events[i]);
    }

    expect_payload("60\n7;500000;e1;node0.1.0;0;t/1.0;1 1800000600000 1-1  \n"
                   "71;500000;e2;node0.2.0;0;t/1.0;1 1800000600000 1-1  \n"
                   "7;500001;e3;node0.3.0;0;t/1.0;1 1800004200000 1-1  ");
}

Test(payload, sequences_past_32_bits_and_the_last_index_are_kept)
{
    struct effect event = books_event("e1", "h1");
    event.index = UINT16_MAX;
    books.sequence = (UINT64_C(3) << 32) + 4;
    books_write(&books, event);

    struct issue issue = books_issue(&books, "h1");
    cr_expect_eq(issue.last_place.sequence, (UINT64_C(3) << 32) + 5);
    cr_expect_eq(issue.last_place.index, UINT16_MAX);
}

Test(payload, it_can_be_packed_for_each_partition_of_a_batch)
{
    struct effect here = books_event("e1", "h1");
    struct effect there = books_event("e2", "h1");
    there.project = 8;
    there.partition = 8;
    books_add(&books, &here);
    books_add(&books, &there);

    struct slice payload = batch_payload(books.applier.batch, 8, books.applier.node, 60);
    cr_expect(slice_search(payload, SLICE("e2")) < payload.len);
    cr_expect_eq(slice_search(payload, SLICE("e1\0")), payload.len);
}
