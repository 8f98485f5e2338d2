/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/meta.h"
#include "tests/unit/ingest/normalise/scrubbed.h"

TestSuite(meta, .init = fixture_start);

Test(meta, notes_mirror_the_document_and_gather_under_the_empty_key)
{
    struct meta meta;
    const struct meta_place extra = {.key = SLICE("extra")};
    const struct meta_place list = {.up = &extra, .key = SLICE("cards")};
    const struct meta_place third = {.up = &list, .index = 2, .is_entry = true};
    meta_begin(&meta, &arena, NULL);
    cr_expect_null(meta.root);
    meta_note(&meta, &third, &(struct meta_remark){"@iban:filter", META_SUBSTITUTED, 5, 15}, 40);
    meta_note(&meta, &third, &(struct meta_remark){"!limit", META_SUBSTITUTED, 17, 20}, 30);
    meta_note(&meta, &list, &(struct meta_remark){"!limit", META_REMOVED, 0, 0}, 0);
    meta_note_length(&meta, &extra, 7);
    EXPECT_TEXT(scrubbed_json(meta.root),
                "{\"extra\":{\"cards\":{\"2\":{\"\":{\"rem\":[[\"@iban:filter\",\"s\",5,15],"
                "[\"!limit\",\"s\",17,20]],\"len\":40}},\"\":{\"rem\":[[\"!limit\",\"x\"]]}},"
                "\"\":{\"len\":7}}}");
}

Test(meta, what_the_sender_says_is_kept_but_for_values)
{
    struct meta meta;
    const struct value *sent = fixture_tree(
        "{\"extra\":{\"a\":{\"\":{\"rem\":[[\"!limit\",\"s\",1,2],[\"x\"],7,[{},[]]],\"len\":9,"
        "\"val\":\"hunter2\",\"err\":[\"hunter3\"]},\"b\":\"hunter4\"}},\"\":\"hunter5\"}");
    meta_begin(&meta, &arena, sent);
    EXPECT_TEXT(scrubbed_json(meta.root),
                "{\"extra\":{\"a\":{\"\":{\"rem\":[[\"!limit\",\"s\",1,2]],\"len\":9}}}}");
    meta_begin(&meta, &arena, fixture_tree("[7]"));
    cr_expect_null(meta.root);
}

Test(meta, of_a_sender_s_remarks_a_bounded_number_is_kept)
{
    struct meta meta;
    char json[8192] = "{\"a\":{\"\":{\"rem\":[";
    size_t length = strlen(json);
    for (unsigned i = 0; i <= META_REMARKS_MAX; i++) {
        memcpy(json + length, "[\"r\",\"x\"],", 10);
        length += 10;
    }
    memcpy(json + length - 1, "]}}}", 5);
    meta_begin(&meta, &arena, fixture_tree(json));
    const struct value *about = meta_member(meta_member(meta.root, SLICE("a")), SLICE(""));
    cr_expect_eq(value_get(about, SLICE("rem"))->count, META_REMARKS_MAX);
}

Test(meta, parts_are_found_by_name_and_by_number)
{
    const struct value *tree = fixture_tree("{\"a\":{\"12\":{\"b\":1}}}");
    const struct value *entry = meta_entry(meta_member(tree, SLICE("a")), 12);
    cr_expect_not_null(meta_member(entry, SLICE("b")));
    cr_expect_null(meta_entry(NULL, 0));
    cr_expect_null(meta_member(NULL, SLICE("a")));
}

Test(meta, lengths_are_in_characters)
{
    cr_expect_eq(meta_characters(SLICE("a\xc3\xa4\xe2\x82\xac")), 3);
    cr_expect_eq(meta_characters(slice_of(NULL, 0)), 0);
}
