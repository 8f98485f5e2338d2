/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/tree.h"
#include "tests/unit/ingest/decode/made.h"

TestSuite(tree, .init = made_start, .fini = made_end);

Test(tree, is_built_member_by_member)
{
    struct value *root = value_new(&made, VALUE_MAP);
    tree_text(&made, root, "a", SLICE("1"));
    tree_text(&made, root, "nothing", SLICE(""));
    tree_text(&made, tree_element(&made, tree_list(&made, root, "list")), "b", SLICE("2"));
    tree_text(&made, tree_map(&made, root, "map"), "c", SLICE("3"));
    tree_member(&made, root, SLICE("copy"), made_at(root, "map"));
    tree_member(&made, root, SLICE("null"), made_of("null"));

    made_expect(root, "a", "1");
    made_expect(root, "list/0/b", "2");
    made_expect(root, "copy/c", "3");
    cr_expect_eq(root->count, 4u, "empty texts and nulls are left out");
    cr_expect(tree_lacks(root, SLICE("nothing")) && !tree_lacks(root, SLICE("map")));
}

Test(tree, without_memory_nothing_is_added_and_nothing_breaks)
{
    _Alignas(16) char room[sizeof(struct value) + 16];
    struct arena small;
    arena_over(&small, room, sizeof(room));
    struct value *root = value_new(&small, VALUE_MAP);
    cr_assert_not_null(root);

    struct value *list = tree_list(&small, root, "list");
    tree_text(&small, tree_element(&small, list), "b", SLICE("2"));
    tree_text(&small, tree_map(&small, root, "map"), "c", SLICE("3"));
    tree_member(&small, root, SLICE("copy"), root);

    cr_expect(small.exhausted && root->count == 0);
}
