/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/fingerprint/fixture.h"

TestSuite(stack, .init = fixture_start);

static const struct event python = {.platform = S("python")};

#define STACK(list)                                                                                \
    ((struct stacktrace){.frames = (list), .count = sizeof(list) / sizeof((list)[0])})

Test(stack, application_is_the_frames_in_app)
{
    struct frame frames[] = {
        {.module = SLICE("django"), .function = SLICE("run"), .in_app = NO},
        {.module = SLICE("shop"), .function = SLICE("buy"), .in_app = YES},
        {.module = SLICE("requests"), .function = SLICE("get")},
    };
    struct stacktrace stack = STACK(frames);
    cr_expect_eq(stack_add(&parts, &python, &stack), VARIANT_BOTH);
    EXPECT_COUNTED(VARIANT_APP, "shop|buy");
    EXPECT_COUNTED(VARIANT_SYSTEM, "django|run|shop|buy|requests|get");
    cr_expect_eq(parts.stacks, VARIANT_BOTH);
}

Test(stack, without_frames_in_app_is_the_systems_only)
{
    struct frame frames[] = {{.module = SLICE("django"), .function = SLICE("run"), .in_app = NO}};
    struct stacktrace stack = STACK(frames);
    cr_expect_eq(stack_add(&parts, &python, &stack), VARIANT_SYSTEM);
    cr_expect_str_eq(parts.first->why_app, "no frame of the application");
}

Test(stack, recursion_counts_once)
{
    struct frame frames[] = {
        {.module = SLICE("shop"), .function = SLICE("walk"), .lineno = 7, .in_app = YES},
        {.module = SLICE("shop"), .function = SLICE("walk"), .lineno = 7, .in_app = YES},
        {.module = SLICE("shop"), .function = SLICE("walk"), .lineno = 9, .in_app = YES},
    };
    struct stacktrace stack = STACK(frames);
    (void)stack_add(&parts, &python, &stack);
    EXPECT_COUNTED(VARIANT_APP, "shop|walk|shop|walk");
}

Test(stack, frames_at_other_addresses_are_no_recursion)
{
    struct frame frames[] = {
        {.package = SLICE("shop"), .instruction_addr = 0x1010, .image_addr = 0x1000},
        {.package = SLICE("shop"), .instruction_addr = 0x1020, .image_addr = 0x1000},
    };
    struct stacktrace stack = STACK(frames);
    struct event native = {.platform = SLICE("native")};
    (void)stack_add(&parts, &native, &stack);
    EXPECT_COUNTED(VARIANT_SYSTEM, "shop+0x10|shop+0x20");
}

Test(stack, frames_that_rules_ignore_do_not_count)
{
    struct frame frames[] = {
        {.module = SLICE("shop"), .function = SLICE("a"), .in_app = YES, .ignored_by = "rule"},
        {.module = SLICE("shop"), .function = SLICE("b"), .in_app = YES},
    };
    struct stacktrace stack = STACK(frames);
    (void)stack_add(&parts, &python, &stack);
    EXPECT_COUNTED(VARIANT_SYSTEM, "shop|b");
}

Test(stack, single_frame_that_is_only_a_page_says_nothing)
{
    struct frame frames[] = {
        {.filename = SLICE("page.js"), .abs_path = SLICE("file:///page.js"), .in_app = YES}};
    struct stacktrace stack = STACK(frames);
    struct event script = {.platform = SLICE("javascript")};
    cr_expect_eq(stack_add(&parts, &script, &stack), 0);

    fixture_start();
    frames[0].function = SLICE("run");
    cr_expect_eq(stack_add(&parts, &script, &stack), VARIANT_BOTH);
}

Test(stack, without_frames_says_nothing)
{
    struct stacktrace stack = {0};
    cr_expect_eq(stack_add(&parts, &python, &stack), 0);
    cr_expect_not_null(parts.first->why);
}

Test(stack, projects_may_take_the_newest_frames_only_or_none_of_too_few)
{
    struct frame frames[] = {
        {.function = SLICE("a"), .in_app = YES},
        {.function = SLICE("b"), .in_app = YES},
        {.function = SLICE("c"), .in_app = NO},
    };
    struct stacktrace stack = STACK(frames);
    stack.frames_max = 1;
    (void)stack_add(&parts, &python, &stack);
    EXPECT_COUNTED(VARIANT_APP, "b");
    EXPECT_COUNTED(VARIANT_SYSTEM, "c");

    fixture_start();
    stack = STACK(frames);
    stack.frames_min = 3;
    (void)stack_add(&parts, &python, &stack);
    EXPECT_COUNTED(VARIANT_APP, "");
    EXPECT_COUNTED(VARIANT_SYSTEM, "a|b|c");
}
