/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/stacks.h"
#include "tests/unit/ingest/normalise/fixture.h"

Test(stacks, all_that_have_frames_are_met_once)
{
    struct frame frames[4] = {0};
    struct exception exceptions[] = {{.stacktrace = {&frames[0], 1, NULL, 0, 0}}, {0}};
    struct thread threads[] = {
        {0}, {.stacktrace = {&frames[1], 1, NULL}}, {.stacktrace = {&frames[2], 1, NULL, 0, 0}}};
    struct event event = {.exceptions = exceptions,
                          .exception_count = 2,
                          .threads = threads,
                          .thread_count = 3,
                          .stacktrace = {&frames[3], 1, NULL, 0, 0}};
    struct stacks walk = {.event = &event};
    for (size_t i = 0; i < 4; i++) {
        struct stacktrace *stack = stacks_next(&walk);
        cr_assert_not_null(stack);
        cr_expect_eq(stack->frames, &frames[i]);
    }
    cr_expect_null(stacks_next(&walk));
    cr_expect_null(stacks_next(&walk));
}

Test(stacks, event_without_any_has_none)
{
    struct event event = {0};
    struct stacks walk = {.event = &event};
    cr_expect_null(stacks_next(&walk));
}
