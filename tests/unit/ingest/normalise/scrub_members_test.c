/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/scrubbed.h"

TestSuite(scrub_members, .init = fixture_start);

static void mark(struct scrub_walk *walk, const struct meta_place *place, struct value *value)
{
    scrub_remove(walk, place, value, "!seen");
}

static const struct scrub_how how = {SCRUB_DATA, NAMES_FIELDS, 2, 100, 100};
static const struct scrub_row rows[] = {
    {SLICE_INIT("seen"), NULL, mark},
    {SLICE_INIT("data"), &how, NULL},
    {SLICE_INIT("left"), NULL, NULL},
};

#define MEMBER                                                                                     \
    "{\"seen\":1,\"data\":\"my password\",\"left\":\"my password\",\"x\":\"my password\"}"
#define AFTER "{\"seen\":null,\"data\":\"[Filtered]\",\"left\":\"my password\",\"x\":"

static struct slice run(const char *json, const struct scrub_how *others, bool is_list)
{
    struct value *root = NULL;
    const struct meta_place place = {.key = SLICE("p")};
    const struct scrub_rows members = {.list = rows, .count = 3, .others = others};
    struct scrub_walk walk = {.arena = &arena, .rules = scrubbed_rules()};
    cr_assert_not(fault_is(value_parse_json(&arena, slice_str(json), &root)));
    meta_begin(&walk.meta, &arena, NULL);
    if (is_list) {
        scrub_entries(&walk, &place, root, &members);
    } else {
        scrub_members(&walk, &place, root, &members);
    }
    return scrubbed_json(root);
}

Test(scrub_members, each_member_is_treated_as_its_row_says)
{
    EXPECT_TEXT(run(MEMBER, NULL, false), AFTER "\"my password\"}");
    EXPECT_TEXT(run(MEMBER, &how, false), AFTER "\"[Filtered]\"}");
    EXPECT_TEXT(run("[7]", &how, false), "[7]");
}

Test(scrub_members, entries_are_found_in_every_shape_a_list_has)
{
    EXPECT_TEXT(run("[null," MEMBER ",7]", &how, true), "[null," AFTER "\"[Filtered]\"},7]");
    EXPECT_TEXT(run("{\"values\":[" MEMBER "]}", &how, true),
                "{\"values\":[" AFTER "\"[Filtered]\"}]}");
    EXPECT_TEXT(run(MEMBER, &how, true), AFTER "\"[Filtered]\"}");
    EXPECT_TEXT(run("\"x\"", &how, true), "\"x\"");
}

Test(scrub_members, a_member_is_found_by_its_whole_name)
{
    struct value *root = NULL;
    cr_assert_not(fault_is(value_parse_json(&arena, SLICE("{\"ab\":1,\"a\":2}"), &root)));
    EXPECT_TEXT(value_text(scrub_member(root, SLICE("a"))), "2");
    cr_expect_null(scrub_member(root, SLICE("b")));
    cr_expect_null(scrub_member(NULL, SLICE("a")));
}
