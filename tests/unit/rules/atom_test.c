/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/atom.h"
#include "tests/unit/rules/fixture.h"

Test(atom, equal_tests_are_one_atom)
{
    struct fixture *f = fixture_new();
    struct atoms atoms = {.arena = &f->arena};
    struct atom proto = {.op = ATOM_EXACT, .field = 1, .text = SLICE("x")};

    cr_expect_eq(atoms_find(&atoms, &proto), ATOM_NONE);
    cr_expect_eq(atoms_add(&atoms, &proto), 0);
    cr_expect_eq(atoms_add(&atoms, &proto), 0);
    proto.is_cased = true;
    cr_expect_eq(atoms_add(&atoms, &proto), 1);
    proto.field = 2;
    cr_expect_eq(atoms_add(&atoms, &proto), 2);
    proto.op = ATOM_PREFIX;
    cr_expect_eq(atoms_add(&atoms, &proto), 3);
    fixture_free(f);
}

Test(atom, thousands_are_found_again)
{
    struct fixture *f = fixture_new();
    struct atoms atoms = {.arena = &f->arena};
    char text[16];
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 5000; i++) {
            snprintf(text, sizeof(text), "%u", i);
            struct atom proto = {.op = ATOM_CONTAINS, .field = 1, .text = slice_str(text)};
            cr_assert_eq(atoms_add(&atoms, &proto), i);
        }
    }
    fixture_free(f);
}

Test(atom, the_shape_of_a_string_decides_the_test)
{
    static const struct {
        const char *written;
        enum atom_op op;
        const char *text;
    } cases[] = {
        {"AbC", ATOM_EXACT, "abc"},  {"", ATOM_EXACT, ""},          {"*", ATOM_ANY, ""},
        {"**", ATOM_ANY, ""},        {"A*", ATOM_PREFIX, "a"},      {"*A", ATOM_SUFFIX, "a"},
        {"*A*", ATOM_CONTAINS, "a"}, {"**A**", ATOM_CONTAINS, "a"}, {"a*b", ATOM_PATTERN, NULL},
        {"?", ATOM_PATTERN, NULL},   {"*a?", ATOM_PATTERN, NULL},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct atom proto = {.field = 1};
        atom_of_pattern(&f->arena, pattern_parse(&f->arena, slice_str(cases[i].written)), &proto);
        cr_expect_eq(proto.op, cases[i].op, "%s", cases[i].written);
        cr_expect(cases[i].text == NULL || slice_eq(proto.text, slice_str(cases[i].text)), "%s",
                  cases[i].written);
    }
    fixture_free(f);
}
