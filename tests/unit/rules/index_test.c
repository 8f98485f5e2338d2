/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ruleset.h"
#include "tests/unit/rules/fixture.h"

Test(index, keys_differ_by_field_kind_length_and_text)
{
    uint64_t hash = index_key(3, KEY_EXACT, SLICE("abcdefgh"));

    cr_expect_neq(hash, index_key(4, KEY_EXACT, SLICE("abcdefgh")));
    cr_expect_neq(hash, index_key(3, KEY_PREFIX, SLICE("abcdefgh")));
    cr_expect_neq(hash, index_key(3, KEY_EXACT, SLICE("abcdefg")));
    cr_expect_neq(hash, index_key(3, KEY_EXACT, SLICE("abcdefgi")));
    cr_expect_neq(index_key(3, KEY_EXACT, SLICE("")), index_key(3, KEY_EXACT, SLICE("\0")));
    cr_expect_eq(hash, index_key(3, KEY_EXACT, SLICE("abcdefgh")));
}

Test(index, every_exact_prefix_and_suffix_is_found_and_settled)
{
    struct fixture *f = fixture_new();
    fixture_detection(f, "    s: {a: Value, b|startswith: Start, c|endswith|cased: End}\n"
                         "    condition: s");
    const struct index *index = &f->set->index;

    cr_assert_eq(f->set->atoms.count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        cr_expect((index->known[0] >> i & 1) != 0, "atom %u", i);
    }
    uint32_t a = field_names_add(&f->set->names, SLICE("a"));
    cr_expect_neq(index_find(index, index_key(a, KEY_EXACT, SLICE("value"))), 0);
    cr_expect_eq(index_find(index, index_key(a, KEY_EXACT, SLICE("other"))), 0);
    fixture_free(f);
}

Test(index, rules_without_a_witness_are_always_looked_at)
{
    struct fixture *f = fixture_new();
    fixture_detection(f, "    s: {a: x}\n    condition: not s");

    cr_expect_eq(f->set->index.always_count, 1);
    cr_expect_eq(f->set->index.always[0], 1u);
    fixture_free(f);
}
