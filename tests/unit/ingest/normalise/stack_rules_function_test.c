/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/marks.h"

Test(stack_rules_function, known_names_say_what_a_frame_does)
{
    static const struct marks_row rows[] = {
        {"native", {.function = S("abort")}, CATEGORY_THROW, 0},
        {"native", {.function = S("__cxa_throw")}, CATEGORY_NONE, RULE_BORDER},
        {"native", {.function = S("malloc")}, CATEGORY_MALLOC, 0},
        {"native", {.function = S("_pthread_start")}, CATEGORY_THREADBASE, 0},
        {"native", {.function = S("boost::detail::thread_proxy")}, CATEGORY_THREADBASE, 0},
        {"cocoa", {.function = S("objc_exception_throw")}, CATEGORY_THROW, 0},
        {"native", {.function = S("RaiseException")}, CATEGORY_THROW, 0},
        {"native",
         {.function = S("core::panicking::panic_fmt")},
         CATEGORY_NONE,
         RULE_APP_BORDER | RULE_NOT_APP},
        {"native",
         {.function = S("-[SentryClient go]")},
         CATEGORY_NONE,
         RULE_NOT_APP | RULE_IGNORE},
        {"native", {.function = S("shop::total")}, CATEGORY_NONE, 0},
        {"javascript", {.function = S("reportError")}, CATEGORY_NONE, RULE_APP_BORDER},
        {"node",
         {.function = S("processTicksAndRejections")},
         CATEGORY_NONE,
         RULE_NOT_APP | RULE_IGNORE},
        {"javascript", {.function = S("abort")}, CATEGORY_NONE, 0},
        {"native", {.function = S("reportError")}, CATEGORY_NONE, 0},
    };
    MARKS_CHECK(rows);
}

Test(stack_rules_function, rows_are_patterns_with_a_consequence)
{
    const struct stack_rule_table *tables[] = {&stack_rules_native, &stack_rules_script};
    for (size_t t = 0; t < 2; t++) {
        for (size_t i = 0; i < tables[t]->count; i++) {
            const struct stack_rule *row = &tables[t]->rows[i];
            cr_expect_gt(row->pattern.len, 0);
            cr_expect(row->category != CATEGORY_NONE || row->actions != 0, "%.*s",
                      SLICE_ARG(row->pattern));
        }
    }
}
