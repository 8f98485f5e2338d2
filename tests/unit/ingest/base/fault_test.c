/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/fault.h"
#include <criterion/criterion.h>
#include <signal.h>
#include <unistd.h>

Test(fault, none_is_no_fault)
{
    cr_expect_not(fault_is(FAULT_OK));
    cr_expect(fault_is(fault_make(FAULT_MALFORMED, "x")));
    cr_expect_eq(fault_make(FAULT_MALFORMED, "x").offset, FAULT_NO_OFFSET);
    cr_expect_eq(fault_at(FAULT_MALFORMED, "x", 7).offset, 7);
}

Test(fault, every_kind_has_a_name_of_its_own)
{
    for (int i = 0; i < FAULT_KIND_COUNT; i++) {
        const char *name = fault_kind_name((enum fault_kind)i);
        cr_assert_not_null(name);
        for (int j = 0; j < i; j++) {
            cr_expect_str_neq(name, fault_kind_name((enum fault_kind)j));
        }
    }
    cr_expect_str_eq(fault_kind_name(FAULT_TOO_BIG), "too_big");
}

Test(fault, a_kind_outside_the_enum_is_a_bug, .signal = SIGABRT)
{
    close(STDERR_FILENO); /* its last words are not this run\'s */
    (void)fault_kind_name(FAULT_KIND_COUNT);
}
