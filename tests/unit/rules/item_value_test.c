/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ruleset.h"
#include "tests/unit/rules/fixture.h"

/* The ops of all atoms a rule of one item has, in order. */
static void expect_atoms(struct fixture *f, const char *item, const enum atom_op *ops,
                         uint32_t count)
{
    struct slice text = arena_printf(&f->arena, "    s: {%s}\n    condition: s", item);
    fixture_detection(f, arena_str(&f->arena, text));
    cr_assert_eq(f->set->atoms.count, count, "%s: %u", item, f->set->atoms.count);
    for (uint32_t i = 0; i < count; i++) {
        cr_expect_eq(f->set->atoms.at[i].op, ops[i], "%s: atom %u", item, i);
    }
}

#define EXPECT(f, item, ...)                                                                       \
    do {                                                                                           \
        static const enum atom_op ops[] = {__VA_ARGS__};                                           \
        expect_atoms(f, item, ops, sizeof(ops) / sizeof(ops[0]));                                  \
    } while (0)

Test(item_value, each_kind_of_value_has_its_atoms)
{
    struct fixture *f = fixture_new();
    EXPECT(f, "a: text", ATOM_EXACT);
    EXPECT(f, "a: 4.0", ATOM_EXACT, ATOM_EXACT);
    EXPECT(f, "a: null", ATOM_NULL);
    EXPECT(f, "a: true", ATOM_EXACT);
    EXPECT(f, "a|base64offset|contains: text", ATOM_CONTAINS, ATOM_CONTAINS, ATOM_CONTAINS);
    EXPECT(f, "a|windash|contains: ' -a'", ATOM_PATTERN);
    EXPECT(f, "a|re: [x, y, x]", ATOM_REGEX, ATOM_REGEX);
    EXPECT(f, "a|cidr: 10.0.0.0/8", ATOM_CIDR);
    EXPECT(f, "a|lt: 5", ATOM_COMPARE);
    EXPECT(f, "a|hour: 5", ATOM_TIME);
    EXPECT(f, "a|exists: false", ATOM_EXISTS);
    EXPECT(f, "a|fieldref: b", ATOM_FIELD);
    EXPECT(f, "a|expand: ['%l%', 'no \\% list']", ATOM_NEVER, ATOM_EXACT);
    fixture_free(f);
}
