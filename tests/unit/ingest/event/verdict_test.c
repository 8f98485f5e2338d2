/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/verdict.h"
#include <criterion/criterion.h>

Test(verdict, every_one_is_found_by_its_name)
{
    for (unsigned i = 0; i < VERDICT_COUNT; i++) {
        enum verdict found = VERDICT_COUNT;
        cr_expect(verdict_parse(slice_str(verdict_name((enum verdict)i)), &found));
        cr_expect_eq(found, i);
    }
}

Test(verdict, other_names_are_none_of_them)
{
    enum verdict found = VERDICT_COUNT;
    cr_expect_not(verdict_parse(SLICE("Error"), &found));
    cr_expect_not(verdict_parse(SLICE(""), &found));
    cr_expect_eq(found, VERDICT_COUNT);
}
