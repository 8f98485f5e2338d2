/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/fields.h"
#include "tests/unit/rules/fixture.h"

Test(field_names, a_name_has_one_number)
{
    struct fixture *f = fixture_new();
    struct field_names names;
    cr_assert(field_names_init(&names, &f->arena));

    uint32_t first = field_names_add(&names, SLICE("a.b"));
    cr_expect_eq(first, 1u);
    cr_expect_eq(field_names_add(&names, SLICE("c")), 2u);
    cr_expect_eq(field_names_add(&names, SLICE("a.b")), first);
    cr_expect_eq(field_names_add(&names, SLICE("a")), 3u);
    fixture_free(f);
}

Test(field_names, flat_key_and_path_lead_to_the_same_field)
{
    struct fixture *f = fixture_new();
    struct field_names names;
    cr_assert(field_names_init(&names, &f->arena));
    uint32_t field = field_names_add(&names, SLICE("a.b.c"));

    uint32_t flat = field_names_step(&names, 0, SLICE("a.b.c"));
    uint32_t a = field_names_step(&names, 0, SLICE("a"));
    uint32_t b = field_names_step(&names, a, SLICE("b"));
    uint32_t c = field_names_step(&names, b, SLICE("c"));
    cr_expect_eq(names.nodes[flat].field, field);
    cr_expect_eq(names.nodes[c].field, field);
    cr_expect_eq(names.nodes[a].field, FIELD_NONE);
    cr_expect_eq(field_names_step(&names, a, SLICE("x")), 0u);
    fixture_free(f);
}

Test(field_names, thousands_of_names_stay_apart)
{
    struct fixture *f = fixture_new();
    struct field_names names;
    char text[32];
    cr_assert(field_names_init(&names, &f->arena));

    for (uint32_t i = 1; i <= 5000; i++) {
        snprintf(text, sizeof(text), "field.%u.name", i);
        cr_assert_eq(field_names_add(&names, slice_str(text)), i);
    }
    for (uint32_t i = 1; i <= 5000; i++) {
        snprintf(text, sizeof(text), "field.%u.name", i);
        cr_assert_eq(field_names_add(&names, slice_str(text)), i);
    }
    fixture_free(f);
}
