/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint/parts.h"
#include "tests/unit/ingest/fingerprint/fixture.h"

TestSuite(parts, .init = fixture_start);

/* a tree of "a", "b" (of `first`), "c" (of `second`); gives `first`. */
static struct part *build(struct part **second)
{
    struct part *first = parts_open(&parts, "first");
    (void)parts_leaf(&parts, "leaf", SLICE("a"));
    (void)parts_leaf(&parts, "leaf", SLICE("b"));
    cr_assert_eq(parts_close(&parts, first), VARIANT_BOTH);
    *second = parts_open(&parts, "second");
    (void)parts_leaf(&parts, "leaf", SLICE("c"));
    (void)parts_leaf(&parts, "empty", SLICE(""));
    cr_assert_eq(parts_close(&parts, *second), VARIANT_BOTH);
    return first;
}

Test(parts, dropping_takes_what_belongs_to_a_part_and_no_more)
{
    struct part *second;
    struct part *first = build(&second);
    parts_drop(first, VARIANT_APP, "reason");
    EXPECT_COUNTED(VARIANT_APP, "c");
    EXPECT_COUNTED(VARIANT_SYSTEM, "a|b|c");
    cr_expect_not(parts_are_same(&parts));
    cr_expect_str_eq(first->why_app, "reason");
    cr_expect_null(first->why);
    parts_drop(first, VARIANT_BOTH, "other");
    EXPECT_COUNTED(VARIANT_SYSTEM, "c");
    cr_expect(parts_are_same(&parts));
}

Test(parts, part_without_a_leaf_that_counts_does_not_count)
{
    struct part *part = parts_open(&parts, "part");
    struct part *leaf = parts_leaf(&parts, "leaf", SLICE("a"));
    parts_drop(leaf, VARIANT_BOTH, "no");
    cr_expect_eq(parts_close(&parts, part), 0);
}

Test(parts, hash_is_of_the_texts_without_separators)
{
    struct part *second;
    struct hash_md5 hash;
    char hex[ID_HEX_BYTES + 1];
    (void)build(&second);
    hash_md5_init(&hash);
    parts_hash(&parts, VARIANT_APP, &hash);
    id_format(hash_md5_done(&hash), hex);
    cr_expect_str_eq(hex, "900150983cd24fb0d6963f7d28e17f72"); /* MD5 of "abc", RFC 1321 */
}

Test(parts, are_written_with_what_each_variant_has_to_say)
{
    struct buffer buffer;
    struct json json;
    struct part *part = parts_open(&parts, "frame");
    (void)parts_leaf(&parts, "function", SLICE("f"));
    (void)parts_close(&parts, part);
    parts_drop(part, VARIANT_APP, "not ours");
    buffer_init(&buffer, 4096);
    json_init(&json, &buffer);
    parts_write(&parts, VARIANT_APP, &json);
    cr_expect(
        slice_eq(buffer_slice(&buffer),
                 SLICE("[{\"part\":\"frame\",\"depth\":0,\"counts\":false,\"why\":\"not ours\"},"
                       "{\"part\":\"function\",\"depth\":1,\"counts\":false,\"text\":\"f\"}]")),
        "%.*s", SLICE_ARG(buffer_slice(&buffer)));
    buffer_done(&buffer);
}

Test(parts, full_arena_leaves_out_what_does_not_fit)
{
    arena_over(&arena, fixture_room, 2 * sizeof(struct part));
    parts_init(&parts, &arena);
    struct part *part = parts_open(&parts, "part");
    for (unsigned i = 0; i < 9; i++) {
        struct part *inner = parts_open(&parts, "inner");
        struct part *leaf = parts_leaf(&parts, "leaf", SLICE("a"));
        parts_drop(leaf, VARIANT_APP, "no");
        (void)parts_close(&parts, inner);
    }
    (void)parts_close(&parts, part);
    cr_expect(arena.exhausted);
    cr_expect_eq(parts.depth, 0);
}
