/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/marks.h"

Test(stack_rules_module, known_libraries_are_not_the_application)
{
    static const struct marks_row rows[] = {
        {"java", {.module = S("java.util.ArrayList")}, CATEGORY_STD, 0},
        {"java",
         {.module = S("java.lang.reflect.Method"), .function = S("invoke")},
         CATEGORY_INDIRECTION,
         0},
        {"java",
         {.module = S("java.util.concurrent.ThreadPoolExecutor$Worker"),
          .function = S("runWorker")},
         CATEGORY_THREADBASE,
         0},
        {"java", {.module = S("org.springframework.web.Filter")}, CATEGORY_FRAMEWORK, 0},
        {"java", {.module = S("io.sentry.Hub")}, CATEGORY_FRAMEWORK, RULE_IGNORE},
        {"java", {.module = S("kotlin.Lazy")}, CATEGORY_NONE, RULE_NOT_APP},
        {"java", {.module = S("android.os.Looper"), .function = S("loop")}, CATEGORY_THREADBASE, 0},
        {"java", {.module = S("com.shop.Cart")}, CATEGORY_NONE, 0},
        {"node", {.module = S("core-js/modules/es6")}, CATEGORY_NONE, RULE_NOT_APP | RULE_IGNORE},
        {"javascript", {.module = S("file/packages/flutter/src/x")}, CATEGORY_NONE, RULE_NOT_APP},
        {"java", {.module = S("file/packages/flutter/src/x")}, CATEGORY_NONE, 0},
        {"python", {.module = S("shop.java.util")}, CATEGORY_NONE, 0},
    };
    MARKS_CHECK(rows);
}
