/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/marks.h"

Test(stack_rules_package, known_files_are_the_systems)
{
    static const struct marks_row rows[] = {
        {"cocoa",
         {.package = S("/System/Library/Frameworks/Foundation.framework/Foundation")},
         CATEGORY_SYSTEM,
         0},
        {"cocoa", {.package = S("UIKitCore")}, CATEGORY_UI, 0},
        {"cocoa",
         {.package = S("UIKitCore"), .function = S("UIApplicationMain")},
         CATEGORY_THREADBASE,
         0},
        {"cocoa",
         {.package = S("/private/var/containers/Bundle/Application/1/Shop.app/Shop")},
         CATEGORY_NONE,
         RULE_APP},
        {"native", {.package = S("C:\\Windows\\System32\\ntdll.dll")}, CATEGORY_SYSTEM, 0},
        {"native",
         {.package = S("/usr/lib/x86_64-linux-gnu/libc.so.6")},
         CATEGORY_SYSTEM,
         RULE_NOT_APP},
        {"native", {.package = S("/system/lib64/libart.so")}, CATEGORY_SYSTEM, 0},
        {"native", {.package = S("/opt/shop/bin/shop")}, CATEGORY_NONE, 0},
        {"python", {.package = S("UIKit")}, CATEGORY_NONE, 0},
    };
    MARKS_CHECK(rows);
}
