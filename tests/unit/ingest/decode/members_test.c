/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/decode/members.h"
#include <criterion/criterion.h>

static _Alignas(16) char room[65536];
static struct arena arena;

static const struct value *tree(struct slice json)
{
    struct value *root = NULL;
    arena_over(&arena, room, sizeof(room));
    struct fault fault = value_parse_json(&arena, json, &root);
    cr_assert_not(fault_is(fault), "%s: %s", json.at, fault.reason);
    return root;
}

Test(members, fill_a_slot_for_each_name)
{
    static const struct slice names[] = {SLICE_INIT("b"), SLICE_INIT("bb"), SLICE_INIT("n"),
                                         SLICE_INIT("x")};
    const struct value *found[4];
    const struct value *root = tree(SLICE("{\"a\":0,\"bb\":1,\"b\":2,\"b\":3,\"n\":null,\"\":4}"));

    members_pick(root, names, 4, found);

    cr_expect(slice_eq(value_text(found[0]), SLICE("2")));
    cr_expect(slice_eq(value_text(found[1]), SLICE("1")));
    cr_expect_null(found[2]);
    cr_expect_null(found[3]);
}

Test(members, of_what_is_no_map_are_none)
{
    static const struct slice names[] = {SLICE_INIT("a")};
    const struct value *found[1];

    members_pick(NULL, names, 1, found);
    cr_expect_null(found[0]);
    members_pick(tree(SLICE("[{\"a\":1}]")), names, 1, found);
    cr_expect_null(found[0]);
}

Test(members, lists_come_in_many_shapes)
{
    static const struct {
        struct slice json;
        uint32_t maps;
    } cases[] = {
        {SLICE_INIT("[{},{},{}]"), 3},
        {SLICE_INIT("[null,{\"a\":1},7,\"x\",[],{}]"), 2},
        {SLICE_INIT("{\"values\":[{},null]}"), 1},
        {SLICE_INIT("{\"values\":null}"), 0},
        {SLICE_INIT("{\"values\":{}}"), 0},
        {SLICE_INIT("{\"type\":\"E\"}"), 1},
        {SLICE_INIT("{}"), 1},
        {SLICE_INIT("[]"), 0},
        {SLICE_INIT("null"), 0},
        {SLICE_INIT("\"text\""), 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_eq(members_count_maps(tree(cases[i].json)), cases[i].maps, "%s",
                     cases[i].json.at);
    }
    cr_expect_eq(members_count_maps(NULL), 0);
}

Test(members, a_bare_object_ends_after_itself)
{
    struct members_list list;
    const struct value *root = tree(SLICE("{\"exception\":{\"type\":\"E\"},\"user\":{}}"));
    const struct value *exception = value_get(root, SLICE("exception"));

    members_open(&list, exception);

    cr_expect_eq(members_next_map(&list), exception);
    cr_expect_null(members_next_map(&list));
}

Test(members, addresses_are_numbers_or_hex)
{
    static const struct {
        struct slice json;
        uint64_t address;
    } cases[] = {
        {SLICE_INIT("\"0x7fff5fc0\""), 0x7fff5fc0},
        {SLICE_INIT("\"0XFFFFFFFFFFFFFFFF\""), UINT64_MAX},
        {SLICE_INIT("4096"), 4096},
        {SLICE_INIT("\"4096\""), 4096},
        {SLICE_INIT("\"0x1ffffffffffffffff\""), 0},
        {SLICE_INIT("\"-1\""), 0},
        {SLICE_INIT("\"0xzz\""), 0},
        {SLICE_INIT("\"ffff\""), 0},
        {SLICE_INIT("\"\""), 0},
        {SLICE_INIT("{}"), 0},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_eq(members_address(tree(cases[i].json)), cases[i].address, "%s",
                     cases[i].json.at);
    }
}

Test(members, convert_or_fall_back)
{
    const struct value *at = value_first(tree(SLICE("[true,false,\"x\",12]")));

    cr_expect_eq(members_tristate(at), YES);
    cr_expect_eq(members_tristate(at->next), NO);
    cr_expect_eq(members_tristate(at->next->next), UNKNOWN);
    cr_expect_eq(members_tristate(NULL), UNKNOWN);
    cr_expect_eq(members_integer(at->next->next, -1), -1);
    cr_expect_eq(members_integer(at->next->next->next, -1), 12);
    cr_expect_null(members_map(at));
}

Test(members, objects_where_text_belongs_are_written_as_json)
{
    const struct value *root = tree(SLICE("[{\"code\": 7, \"a\": [null]}, \"x\", 42]"));
    const struct value *at = value_first(root);

    cr_expect(slice_eq(members_text(&arena, at), SLICE("{\"code\":7,\"a\":[null]}")));
    cr_expect(slice_eq(members_text(&arena, at->next), SLICE("x")));
    cr_expect(slice_eq(members_text(&arena, at->next->next), SLICE("42")));
    cr_expect_eq(members_text(&arena, NULL).len, 0);
}
