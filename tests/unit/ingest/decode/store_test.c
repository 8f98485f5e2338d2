/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/store.h"
#include <criterion/criterion.h>

static _Alignas(16) char room[65536];
static struct arena arena;
static struct inflate_scratch *scratch;

static void start(void)
{
    arena_over(&arena, room, sizeof(room));
    scratch = inflate_scratch_new(4096);
    cr_assert_not_null(scratch);
}

static void stop(void)
{
    inflate_scratch_free(scratch);
}

TestSuite(store, .init = start, .fini = stop);

Test(store, opens_each_of_the_three_kinds)
{
    static const struct slice bodies[] = {
        SLICE_INIT("{\"message\":\"hello\"}"),
        SLICE_INIT("eyJtZXNzYWdlIjoiaGVsbG8ifQ=="),
        SLICE_INIT("eyJtZXNzYWdlIjoi\naGVsbG8ifQ"),
        SLICE_INIT("eJyrVspNLS5OTE9VslLKSM3JyVeqBQBDwga0"),
        SLICE_INIT("eJyrVspNLS5OTE9VslLKSM3JyVeqBQBDwga0\n"),
    };
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        struct slice json;
        struct fault fault = store_open(scratch, &arena, bodies[i], &json);
        cr_assert_not(fault_is(fault), "%s: %s", bodies[i].at, fault.reason);
        cr_expect(slice_eq(json, SLICE("{\"message\":\"hello\"}")), "%s", bodies[i].at);
    }
}

Test(store, keeps_white_space_before_json_so_that_offsets_hold)
{
    struct slice body = SLICE("\n {}");
    struct slice json;
    cr_assert_not(fault_is(store_open(scratch, &arena, body, &json)));
    cr_expect_eq(json.at, body.at);
}

Test(store, says_what_is_wrong_with_the_rest)
{
    static const struct {
        struct slice body;
        const char *reason;
        size_t offset;
    } cases[] = {
        {SLICE_INIT(""), "store: empty body", 0},
        {SLICE_INIT(" \n"), "store: empty body", 0},
        {SLICE_INIT("  [1]"), "store: neither JSON nor base64", 2},
        {SLICE_INIT("eyJ!"), "store: neither JSON nor base64", 3},
        {SLICE_INIT("aGVsbG8="), "zlib: damaged or cut short", 0},
        {SLICE_INIT("eJyrVspN"), "zlib: damaged or cut short", 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice json;
        struct fault fault = store_open(scratch, &arena, cases[i].body, &json);
        cr_expect_eq(fault.kind, FAULT_MALFORMED, "%s", cases[i].body.at);
        cr_expect_str_eq(fault.reason, cases[i].reason);
        cr_expect_eq(fault.offset, cases[i].offset, "%s: %zu", cases[i].body.at, fault.offset);
    }
}

Test(store, reads_pythons_numbers_as_null)
{
    struct value *root = NULL;
    struct slice json = SLICE("{\"a\":NaN,\"b\":[Infinity,-Infinity,1],"
                              "\"c\":\"NaN \\\" Infinity\",\"NaN\":2}");
    struct fault fault = store_parse(&arena, json, &root);
    cr_assert_not(fault_is(fault), "%s at %zu", fault.reason, fault.offset);

    const struct value *list = value_get(root, SLICE("b"));
    cr_expect(value_is(value_get(root, SLICE("a")), VALUE_NULL));
    cr_expect(value_is(value_first(list), VALUE_NULL));
    cr_expect(value_is(value_first(list)->next, VALUE_NULL));
    cr_expect(value_is(value_first(list)->next->next, VALUE_NUMBER));
    cr_expect(slice_eq(value_string(value_get(root, SLICE("c"))), SLICE("NaN \" Infinity")));
    cr_expect_not_null(value_get(root, SLICE("NaN")));
}

Test(store, does_not_make_json_of_what_is_none)
{
    static const struct slice bad[] = {
        SLICE_INIT("{\"a\":NaNa}"), SLICE_INIT("{\"a\":xNaN}"), SLICE_INIT("{NaN:1}"),
        SLICE_INIT("{\"a\":"),      SLICE_INIT("{\"a\":\"NaN"), SLICE_INIT("{\"a\":Na"),
        SLICE_INIT("-Infinity,"),   SLICE_INIT("{\"a\":NaN"),
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct value *root = NULL;
        arena_over(&arena, room, sizeof(room));
        cr_expect_eq(store_parse(&arena, bad[i], &root).kind, FAULT_MALFORMED, "%s", bad[i].at);
        cr_expect_null(root, "%s", bad[i].at);
    }
}

Test(store, says_where_it_is_wrong_in_what_was_sent)
{
    static const struct {
        struct slice json;
        size_t offset;
    } cases[] = {
        {SLICE_INIT("NaN{"), 4},
        {SLICE_INIT("[NaN,NaN,x]"), 10},
        {SLICE_INIT("[-Infinity,x]"), 12},
        {SLICE_INIT("[NaN,\"long \\\" text\",x]"), 21},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct value *root = NULL;
        arena_over(&arena, room, sizeof(room));
        struct fault fault = store_parse(&arena, cases[i].json, &root);
        cr_expect_eq(fault.kind, FAULT_MALFORMED, "%s", cases[i].json.at);
        cr_expect_eq(fault.offset, cases[i].offset, "%s: %zu", cases[i].json.at, fault.offset);
    }
}

Test(store, rewrites_any_number_of_them)
{
    char json[3002];
    struct value *root = NULL;
    struct arena large;
    json[0] = '[';
    for (size_t i = 1; i + 4 < sizeof(json); i += 4) {
        memcpy(json + i, "NaN,", 4);
    }
    json[3000] = ']';
    cr_assert(arena_init(&large, 1u << 20));
    cr_assert_not(fault_is(store_parse(&large, slice_of(json, 3001), &root)));
    cr_expect_eq(root->count, 750);
    arena_done(&large);
}
