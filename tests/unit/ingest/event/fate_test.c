/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/fate.h"
#include <criterion/criterion.h>

Test(fate, every_one_is_found_by_its_name)
{
    for (unsigned i = 0; i < FATE_COUNT; i++) {
        enum fate found = FATE_COUNT;
        cr_expect(fate_parse(slice_str(fate_name((enum fate)i)), &found));
        cr_expect_eq(found, i);
    }
}

Test(fate, other_names_are_none_of_them)
{
    enum fate found = FATE_COUNT;
    cr_expect_not(fate_parse(SLICE("Error"), &found));
    cr_expect_not(fate_parse(SLICE(""), &found));
    cr_expect_eq(found, FATE_COUNT);
}
