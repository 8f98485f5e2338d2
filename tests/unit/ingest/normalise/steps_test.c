/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/fixture.h"

static size_t place_of(const char *name)
{
    size_t i = 0;
    while (i < steps_count && strcmp(steps[i].name, name) != 0) {
        i++;
    }
    return i;
}

Test(steps, each_has_a_name_of_its_own_and_something_to_run)
{
    for (size_t i = 0; i < steps_count; i++) {
        cr_expect_not_null(steps[i].run, "%s", steps[i].name);
        cr_expect_eq(place_of(steps[i].name), i);
    }
}

Test(steps, those_that_need_others_come_after_them)
{
    cr_expect_lt(place_of("functions"), place_of("stack rules"));
    cr_expect_lt(place_of("stack rules"), place_of("title"));
    cr_expect_lt(place_of("logentry"), place_of("title"));
    cr_expect_lt(place_of("level"), place_of("user"));
    cr_expect_lt(place_of("trim"), place_of("title"));
    cr_expect_lt(place_of("title"), steps_count);
}
