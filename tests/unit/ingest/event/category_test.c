/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/category.h"
#include <criterion/criterion.h>

Test(category, every_one_is_found_by_its_name)
{
    for (unsigned i = 0; i < CATEGORY_COUNT; i++) {
        enum category found = CATEGORY_COUNT;
        cr_expect(category_parse(slice_str(category_name((enum category)i)), &found));
        cr_expect_eq(found, i);
    }
}

Test(category, other_names_are_none_of_them)
{
    enum category found = CATEGORY_COUNT;
    cr_expect_not(category_parse(SLICE("Error"), &found));
    cr_expect_not(category_parse(SLICE(""), &found));
    cr_expect_eq(found, CATEGORY_COUNT);
}
