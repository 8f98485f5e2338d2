/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(stack_rules, .init = fixture_start);

static char marks[64];

/* A letter for each frame, oldest first: A in app, . not; lower case: kept out of grouping. */
static const char *run(const char *platform, struct frame *frames, uint32_t count)
{
    struct event event = {.platform = slice_str(platform),
                          .stacktrace = {frames, count, NULL, 0, 0}};
    step_stack_rules(&arena, &input, &event);
    for (uint32_t i = 0; i < count; i++) {
        bool is_ignored = frames[i].ignored_by != NULL;
        marks[i] = frames[i].in_app == YES ? (is_ignored ? 'a' : 'A') : (is_ignored ? ',' : '.');
    }
    marks[count] = '\0';
    return marks;
}

#define RUN(platform, frames) run(platform, frames, sizeof(frames) / sizeof((frames)[0]))

Test(stack_rules, sender_is_believed_where_no_rule_knows_better)
{
    struct frame frames[] = {
        {.function = SLICE("a"), .in_app = YES},
        {.function = SLICE("b"), .in_app = NO},
        {.function = SLICE("c")},
        {.function = SLICE("d"), .in_app = YES, .abs_path = SLICE("/x/site-packages/d.py")},
    };
    cr_expect_str_eq(RUN("python", frames), "A...");
}

Test(stack_rules, below_the_base_of_a_thread_nothing_counts)
{
    struct frame frames[] = {
        {.function = SLICE("start")},
        {.function = SLICE("_pthread_start")},
        {.function = SLICE("shop::run"), .in_app = YES},
    };
    cr_expect_str_eq(RUN("native", frames), ",,A");
}

Test(stack_rules, what_an_abort_calls_does_not_count)
{
    struct frame frames[] = {
        {.function = SLICE("shop::run"), .in_app = YES},
        {.function = SLICE("abort")},
        {.function = SLICE("raise")},
        {.function = SLICE("kill"), .in_app = YES},
    };
    cr_expect_str_eq(RUN("native", frames), "A,,,");
}

Test(stack_rules, of_neighbours_of_the_same_trade_the_first_tells_enough)
{
    struct frame frames[] = {
        {.function = SLICE("shop::run"), .in_app = YES},
        {.function = SLICE("std::sort")},
        {.function = SLICE("std::swap")},
        {.function = SLICE("shop::compare"), .in_app = YES},
    };
    cr_expect_str_eq(RUN("native", frames), "A.,A");
    struct frame mallocs[] = {
        {.function = SLICE("shop::run"), .in_app = YES},
        {.function = SLICE("malloc")},
        {.function = SLICE("malloc_base")},
    };
    cr_expect_str_eq(RUN("native", mallocs), "A.,");
}

Test(stack_rules, system_frame_between_two_others_is_noise)
{
    struct frame frames[] = {
        {.function = SLICE("shop::run"), .in_app = YES},
        {.function = SLICE("memcpy")},
        {.function = SLICE("shop::compare"), .in_app = YES},
    };
    cr_expect_str_eq(RUN("native", frames), "A,A");
}

Test(stack_rules, garbage_of_the_system_does_not_count)
{
    struct frame frames[] = {
        {.function = SLICE("shop::run"), .in_app = YES},
        {.function = SLICE("<unknown>"), .package = SLICE("/usr/lib/libc.so")},
        {.function = SLICE("_hidden"), .package = SLICE("/usr/lib/libc.so")},
        {.function = SLICE("shop.cold.1"), .in_app = YES},
    };
    cr_expect_str_eq(RUN("native", frames), "A,,a");
}

Test(stack_rules, assertion_blames_its_caller)
{
    struct frame frames[] = {
        {.function = SLICE("AShop::Run")},
        {.function = SLICE("FDebug::CheckVerifyFailedImpl2")},
        {.function = SLICE("RaiseException")},
    };
    cr_expect_str_eq(RUN("native", frames), "A.,");
}

Test(stack_rules, assertion_does_not_blame_what_only_passes_it_on)
{
    struct frame check[] = {
        {.function = SLICE("AShop::Run")},
        {.function = SLICE("UE::Assert::Impl::ExecCheckImplInternal")},
        {.function = SLICE("FDebug::CheckVerifyFailedImpl")},
    };
    struct frame ensure[] = {
        {.function = SLICE("AShop::Run")},
        {.function = SLICE("AShop::Run::<lambda>::operator()")},
        {.function = SLICE("FDebug::OptionallyLogFormattedEnsureMessageReturningFalse")},
    };
    cr_expect_str_eq(RUN("native", check), "A..");
    cr_expect_str_eq(RUN("native", ensure), "A,.");
}

Test(stack_rules, nameless_frames_of_the_system_do_not_count)
{
    struct frame frames[] = {
        {.instruction_addr = 0x1000, .package = SLICE("/srv/shop")},
        {.instruction_addr = 0x2000, .package = SLICE("/usr/lib/libc.so")},
    };
    cr_expect_str_eq(RUN("native", frames), ".,");
}

Test(stack_rules, pythons_multiprocessing_does_not_count)
{
    struct frame frames[] = {
        {.function = SLICE("<module>")},
        {.function = SLICE("spawn_main")},
        {.function = SLICE("work"), .in_app = YES},
    };
    cr_expect_str_eq(RUN("python", frames), ",.A");
}

Test(stack_rules, driver_counts_where_it_begins_to_call_itself)
{
    struct frame frames[] = {
        {.function = SLICE("shop::draw"), .in_app = YES},
        {.function = SLICE("a"), .package = SLICE("AGXGLDriver")},
        {.function = SLICE("b"), .package = SLICE("AGXGLDriver")},
    };
    cr_expect_str_eq(RUN("cocoa", frames), "A,.");
}

Test(stack_rules, ignored_frames_say_why)
{
    struct frame frames[] = {
        {.function = SLICE("a")},
        {.function = SLICE("_pthread_start")},
        {.function = SLICE("abort")},
        {.function = SLICE("b")},
        {.function = SLICE("*sentrycrash_")},
    };
    (void)RUN("native", frames);
    cr_expect_str_eq(frames[0].ignored_by, "stack rule: below the base of a thread");
    cr_expect_str_eq(frames[1].ignored_by, "stack rule: base of a thread");
    cr_expect_str_eq(frames[2].ignored_by, "stack rule: raises what happened elsewhere");
    cr_expect_str_eq(frames[3].ignored_by, "stack rule: called by what raises or reports");
    cr_expect_str_eq(frames[4].ignored_by, "stack rule: of a tool, not of the program");
}

Test(stack_rules, every_stack_of_the_event_is_judged)
{
    struct frame frames[3] = {
        {.function = SLICE("a")}, {.function = SLICE("b")}, {.function = SLICE("c")}};
    struct exception exception = {.stacktrace = {&frames[0], 1, NULL, 0, 0}};
    struct thread thread = {.stacktrace = {&frames[1], 1, NULL, 0, 0}};
    struct event event = {.platform = SLICE("python"),
                          .exceptions = &exception,
                          .exception_count = 1,
                          .threads = &thread,
                          .thread_count = 1,
                          .stacktrace = {&frames[2], 1, NULL, 0, 0}};
    step_stack_rules(&arena, &input, &event);
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(frames[i].in_app, NO, "frame %zu", i);
    }
}

Test(stack_rules, full_arena_leaves_frames_as_sent)
{
    struct frame frames[] = {{.function = SLICE("abort"), .in_app = YES}};
    arena_over(&arena, fixture_room, 0);
    cr_expect_str_eq(RUN("native", frames), "A");
    cr_expect(arena.exhausted);
}
