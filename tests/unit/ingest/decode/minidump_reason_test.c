/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/minidump_reason.h"
#include <criterion/criterion.h>

Test(minidump_reason, the_same_code_means_another_thing_on_another_system)
{
    cr_expect_str_eq(minidump_reason(SYSTEM_LINUX, 11), "SIGSEGV");
    cr_expect_str_eq(minidump_reason(SYSTEM_ANDROID, 6), "SIGABRT");
    cr_expect_str_eq(minidump_reason(SYSTEM_APPLE, 1), "EXC_BAD_ACCESS");
    cr_expect_str_eq(minidump_reason(SYSTEM_WINDOWS, 0xc0000005), "EXCEPTION_ACCESS_VIOLATION");
    cr_expect_null(minidump_reason(SYSTEM_WINDOWS, 11));
    cr_expect_null(minidump_reason(SYSTEM_OTHER, 11));
}

Test(minidump_reason, systems_are_known_by_breakpads_numbers)
{
    static const struct {
        uint32_t platform;
        const char *name;
    } cases[] = {{2, "Windows"},    {0x8201, "Linux"}, {0x8203, "Android"},    {0x8101, "macOS"},
                 {0x8102, "macOS"}, {0, "unknown"},    {0xffffffff, "unknown"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_str_eq(minidump_system_name(minidump_system_of(cases[i].platform)),
                         cases[i].name);
    }
}
