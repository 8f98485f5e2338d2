/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/guard.h"

#include <criterion/criterion.h>

Test(guard_self_test, passes_with_the_installed_libh2o)
{
    char why[128] = "";
    cr_expect(guard_self_test(why, sizeof why), "%s", why);
    cr_expect_str_eq(why, "");
}
