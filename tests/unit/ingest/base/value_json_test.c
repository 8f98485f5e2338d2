/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/json.h"
#include "ingest/base/value.h"
#include <criterion/criterion.h>
#include <stdio.h>

static _Alignas(16) char room[65536];

static struct arena over(size_t size)
{
    struct arena arena;
    cr_assert(size <= sizeof(room));
    arena_over(&arena, room, size);
    return arena;
}

/* Parses and writes again. */
static void expect_same(struct slice json)
{
    struct arena arena = over(sizeof(room));
    struct value *root = NULL;
    struct buffer out;
    struct json writer;
    struct fault fault = value_parse_json(&arena, json, &root);
    cr_assert_not(fault_is(fault), "%s: %s", json.at, fault.reason);
    buffer_init(&out, 65536);
    json_init(&writer, &out);
    json_value(&writer, root);
    cr_expect(slice_eq(buffer_slice(&out), json), "%s: %.*s", json.at,
              SLICE_ARG(buffer_slice(&out)));
    buffer_done(&out);
}

Test(value_json, reads_every_kind)
{
    static const struct slice cases[] = {
        SLICE_INIT("null"),
        SLICE_INIT("true"),
        SLICE_INIT("-0.5e+3"),
        SLICE_INIT("\"x\""),
        SLICE_INIT("[]"),
        SLICE_INIT("{}"),
        SLICE_INIT("[1,[2,[3,{\"a\":[]}]],\"\"]"),
        SLICE_INIT("{\"a\":{\"b\":{\"c\":null}},\"d\":[true,false]}"),
        SLICE_INIT("{\"\":1,\"\\\"\":2}"),
        SLICE_INIT("\"\\u0000 \\n \\\\ \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\""),
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        expect_same(cases[i]);
    }
}

Test(value_json, borrows_plain_text_and_copies_only_what_had_escapes)
{
    static const char json[] = "{\"plain\":\"abc\",\"escaped\":\"a\\tc\"}";
    struct arena arena = over(sizeof(room));
    struct value *root = NULL;
    cr_assert_not(fault_is(value_parse_json(&arena, slice_str(json), &root)));

    struct slice plain = value_string(value_get(root, SLICE("plain")));
    struct slice escaped = value_string(value_get(root, SLICE("escaped")));

    cr_expect(plain.at > json && plain.at < json + sizeof(json));
    cr_expect(slice_eq(escaped, SLICE("a\tc")));
    cr_expect(escaped.at >= room && escaped.at < room + sizeof(room));
}

Test(value_json, decodes_surrogate_pairs_and_survives_lone_ones)
{
    struct arena arena = over(sizeof(room));
    struct value *root = NULL;
    struct slice json = SLICE("[\"\\ud83d\\ude00\",\"\\ud800x\",\"\\u0000\"]");
    cr_assert_not(fault_is(value_parse_json(&arena, json, &root)));

    const struct value *at = value_first(root);

    cr_expect(slice_eq(value_string(at), SLICE("\xf0\x9f\x98\x80")));
    cr_expect(slice_eq(value_string(at->next), SLICE("?x")), "%.*s",
              SLICE_ARG(value_string(at->next)));
    cr_expect(slice_eq(value_string(at->next->next), SLICE("\0")));
}

Test(value_json, says_where_it_is_wrong)
{
    static const struct {
        struct slice json;
        size_t offset;
    } cases[] = {
        {SLICE_INIT(""), 0},           {SLICE_INIT("  "), 2},      {SLICE_INIT("{\"a\":}"), 6},
        {SLICE_INIT("[1,2"), 4},       {SLICE_INIT("[1] x"), 5},   {SLICE_INIT("{\"a\" 1}"), 6},
        {SLICE_INIT("\"\x01\""), 1},   {SLICE_INIT("[1,]"), 4},    {SLICE_INIT("\"\\x\""), 2},
        {SLICE_INIT("[\"\xff\"]"), 3}, {SLICE_INIT("[\"abc"), 5},  {SLICE_INIT("nul"), 3},
        {SLICE_INIT("[01]"), 3},       {SLICE_INIT("[1] [2]"), 5}, {SLICE_INIT("-"), 1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena arena = over(sizeof(room));
        struct value *root = NULL;
        struct fault fault = value_parse_json(&arena, cases[i].json, &root);
        cr_expect_eq(fault.kind, FAULT_MALFORMED, "%s", cases[i].json.at);
        cr_expect_eq(fault.offset, cases[i].offset, "%s: %zu", cases[i].json.at, fault.offset);
        cr_expect_null(root);
    }
}

Test(value_json, reads_the_document_at_the_front_and_says_how_long_it_is)
{
    static const struct {
        struct slice text;
        size_t used;
        bool is_good;
    } cases[] = {
        {SLICE_INIT("{}\n{\"type\":1}"), 2, true},
        {SLICE_INIT("{\"a\":[1]}x"), 9, true},
        {SLICE_INIT(" {} "), 3, true},
        {SLICE_INIT("{\"a\":"), 5, false},
        {SLICE_INIT("{\"a\":\"}"), 7, false},
        {SLICE_INIT("x{}"), 1, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arena arena = over(sizeof(room));
        struct value *root = NULL;
        size_t used = 99;
        struct fault fault = value_parse_json_front(&arena, cases[i].text, &root, &used);
        cr_expect_eq(fault_is(fault), !cases[i].is_good, "%s", cases[i].text.at);
        cr_expect_eq(used, cases[i].used, "%s: %zu", cases[i].text.at, used);
    }
}

/* Each size fails at another place inside yajl, which does not look at what malloc gave it. */
Test(value_json, is_too_big_in_an_arena_of_any_size_that_does_not_hold_it)
{
    char json[4096];
    size_t length = 0;
    json[length++] = '[';
    for (int i = 0; i < 50; i++) {
        length += (size_t)snprintf(json + length, sizeof(json) - length,
                                   "{\"k\\n%d\":[\"\\u00e9%0*d\"]},", i, i, 7);
    }
    json[length - 1] = ']';
    size_t enough = 0;
    for (size_t size = 0; size < sizeof(room) && enough == 0; size += 16) {
        struct arena arena = over(size);
        struct value *root = NULL;
        struct fault fault = value_parse_json(&arena, slice_of(json, length), &root);
        if (!fault_is(fault)) {
            enough = size;
            continue;
        }
        cr_assert_eq(fault.kind, FAULT_TOO_BIG, "%zu: %s", size, fault.reason);
        cr_assert_null(root);
        cr_assert(arena.exhausted);
    }
    cr_expect(enough > length && enough < 8 * length + 8192, "%zu for %zu", enough, length);
}
