/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/scrubbed.h"

TestSuite(scrub_tree, .init = fixture_start);

static struct scrub_walk walk;
static const struct meta_place part = {.key = SLICE_INIT("p")};

static struct value *start(const char *json)
{
    struct value *root = NULL;
    cr_assert_not(fault_is(value_parse_json(&arena, slice_str(json), &root)), "%s", json);
    walk = (struct scrub_walk){.arena = &arena, .rules = scrubbed_rules()};
    meta_begin(&walk.meta, &arena, NULL);
    return root;
}

static const struct scrub_how small = {SCRUB_DATA, NAMES_FIELDS, 2, 10, 24};

#define EXPECT_PART(before, after, notes)                                                          \
    do {                                                                                           \
        struct value *tree = start(before);                                                        \
        scrub_part(&walk, &part, tree, &small);                                                    \
        EXPECT_TEXT(scrubbed_json(tree), after);                                                   \
        EXPECT_TEXT(scrubbed_json(walk.meta.root), notes);                                         \
        scrub_part(&walk, &part, tree, &small);                                                    \
        EXPECT_TEXT(scrubbed_json(tree), after);                                                   \
        EXPECT_TEXT(scrubbed_json(walk.meta.root), notes);                                         \
    } while (0)

Test(scrub_tree, texts_at_the_limit_stay_and_longer_ones_are_cut)
{
    EXPECT_PART("[\"0123456789\"]", "[\"0123456789\"]", "null");
    EXPECT_PART("[\"0123456789a\"]", "[\"0123456...\"]",
                "{\"p\":{\"0\":{\"\":{\"rem\":[[\"!limit\",\"s\",7,10]],\"len\":11}}}}");
    EXPECT_PART("[\"012345\xe2\x82\xac\xe2\x82\xac\"]", "[\"012345...\"]",
                "{\"p\":{\"0\":{\"\":{\"rem\":[[\"!limit\",\"s\",6,9]],\"len\":8}}}}");
}

Test(scrub_tree, what_is_nested_too_deep_is_null)
{
    EXPECT_PART("[[1]]", "[[1]]", "null");
    EXPECT_PART("[[[]]]", "[[[]]]", "null");
    EXPECT_PART("[[[1]]]", "[[null]]",
                "{\"p\":{\"0\":{\"0\":{\"\":{\"rem\":[[\"!limit\",\"x\"]]}}}}}");
}

Test(scrub_tree, a_part_ends_where_its_room_does)
{
    EXPECT_PART("{\"abcd\":\"01234567\",\"efgh\":\"01234567\"}",
                "{\"abcd\":\"01234567\",\"efgh\":\"01234567\"}", "null");
    EXPECT_PART("{\"abcd\":\"01234567\",\"efgh\":\"01234567\",\"i\":1}",
                "{\"abcd\":\"01234567\",\"efgh\":\"01234567\"}", "{\"p\":{\"\":{\"len\":3}}}");
    EXPECT_PART("[\"0123456789\",\"0123456789\",\"012345\"]",
                "[\"0123456789\",\"0123456789\",\"0...\"]",
                "{\"p\":{\"2\":{\"\":{\"rem\":[[\"!limit\",\"s\",1,4]],\"len\":6}}}}");
    EXPECT_PART("[\"0123456789\",\"0123456789\",\"012\",12345]",
                "[\"0123456789\",\"0123456789\",\"012\",null]",
                "{\"p\":{\"3\":{\"\":{\"rem\":[[\"!limit\",\"x\"]]}}}}");
}

Test(scrub_tree, lists_lose_their_middle_or_their_start)
{
    struct value *list = start("[0,1,2,3,4]");
    scrub_trim_list(&walk, &part, list, 2, 3);
    EXPECT_TEXT(scrubbed_json(list), "[0,1,2,3,4]");
    scrub_trim_list(&walk, &part, list, 1, 3);
    EXPECT_TEXT(scrubbed_json(list), "[0,2,3,4]");
    scrub_trim_list(&walk, &part, list, 0, 2);
    EXPECT_TEXT(scrubbed_json(list), "[3,4]");
    EXPECT_TEXT(scrubbed_json(walk.meta.root), "{\"p\":{\"\":{\"len\":5}}}");
    cr_expect_eq(list->count, 2);
    scrub_trim_list(&walk, &part, start("{\"a\":1}"), 0, 0);
    cr_expect_eq(walk.trims, 0);
}

Test(scrub_tree, values_that_hold_nothing_are_not_replaced)
{
    static const char *const json[] = {"null", "true", "\"\"", "[]", "{\"a\":1}", "\"[Filtered]\""};
    for (size_t i = 0; i < sizeof(json) / sizeof(json[0]); i++) {
        struct value *value = start(json[i]);
        scrub_replace(&walk, &part, value, SCRUB_PASSWORD);
        EXPECT_TEXT(scrubbed_json(value), json[i]);
        cr_expect_eq(walk.changes, 0);
    }
}

Test(scrub_tree, without_memory_values_go_all_the_same)
{
    struct value *tree = start("{\"password\":\"hunter2\",\"a\":\"https://u:p@h\"}");
    struct arena full;
    static _Alignas(16) char room[16];
    arena_over(&full, room, sizeof(room));
    walk.arena = walk.meta.arena = &full;
    static const struct scrub_how how = {SCRUB_DATA, NAMES_FIELDS, 2, 100, 100};
    scrub_part(&walk, &part, tree, &how);
    struct slice got = scrubbed_json(tree);
    cr_expect_eq(slice_search(got, SLICE("hunter2")), got.len);
    cr_expect_eq(slice_search(got, SLICE("u:p")), got.len);
    cr_expect(full.exhausted);
}
