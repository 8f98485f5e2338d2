/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ruleset.h"
#include "tests/unit/rules/fixture.h"

static enum node_kind root_kind(struct fixture *f, const char *item)
{
    struct slice text = arena_printf(&f->arena, "    s: {%s}\n    condition: s", item);
    fixture_detection(f, arena_str(&f->arena, text));
    cr_assert_eq(ruleset_count(f->set), 1, "%s", fixture_problem(f));
    return f->set->rules[0].root->first->first->kind; /* GROUP, AND of items, the item */
}

Test(item, its_values_are_or_its_all_is_and_its_neq_is_not)
{
    struct fixture *f = fixture_new();
    cr_expect_eq(root_kind(f, "a: x"), NODE_ATOM);
    cr_expect_eq(root_kind(f, "a: [x, y]"), NODE_OR);
    cr_expect_eq(root_kind(f, "a|contains|all: [x, y]"), NODE_AND);
    cr_expect_eq(root_kind(f, "a|neq: [x, y]"), NODE_NOT);
    fixture_free(f);
}

Test(item, equal_items_of_different_rules_share_their_atoms)
{
    struct fixture *f = fixture_new();
    fixture_text(f,
                 "title: a\nlogsource: {}\ndetection: {s: {f|endswith: .EXE}, condition: s}\n---\n"
                 "title: b\nlogsource: {}\ndetection: {s: {f: '*.exe'}, condition: s}\n");

    cr_expect_eq(f->set->atoms.count, 1);
    cr_expect_eq(f->set->atoms.at[0].uses, 2);
    fixture_free(f);
}
