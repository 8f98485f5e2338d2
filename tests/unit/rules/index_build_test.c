/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ruleset.h"
#include "tests/unit/rules/fixture.h"

Test(index_build, equal_witnesses_share_one_posting)
{
    struct fixture *f = fixture_new();
    fixture_text(f, "title: a\nlogsource: {}\ndetection: {s: {f: same}, condition: s}\n---\n"
                    "title: b\nlogsource: {}\ndetection: {s: {f: SAME, g: 1}, condition: s}\n");
    const struct index *index = &f->set->index;
    struct atom proto = {.op = ATOM_EXACT, .field = 1, .text = SLICE("same")};
    uint32_t atom = atoms_find(&f->set->atoms, &proto);

    cr_assert_neq(atom, ATOM_NONE);
    cr_expect_eq(index->atom_rules[atom].count, 2);
    cr_expect_eq(index->postings[index->atom_rules[atom].from], 0);
    cr_expect_eq(index->postings[index->atom_rules[atom].from + 1], 1);
    fixture_free(f);
}

Test(index_build, a_field_has_one_database_and_contains_is_settled_by_it)
{
    struct fixture *f = fixture_new();
    fixture_detection(f, "    s: {a|contains: [first, second]}\n"
                         "    t: {b|re: 'third.'}\n    condition: s or t");
    const struct index *index = &f->set->index;
    uint32_t b = field_names_add(&f->set->names, SLICE("b"));

    cr_expect_eq(index->database_count, 2);
    cr_assert(index->fields[b].literals != NULL);
    cr_expect_eq(index->fields[b].literals->count, 1);
    cr_expect_eq(index->fields[b].literals->at[0].atom, ATOM_NONE);
    fixture_free(f);
}
