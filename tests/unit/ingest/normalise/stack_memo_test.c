/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/normalise/stack_memo.h"
#include "ingest/normalise/stack_rule.h"
#include "tests/unit/ingest/normalise/fixture.h"
#include <stdio.h>

TestSuite(stack_memo, .init = fixture_start);

static bool is_same(struct stack_mark a, struct stack_mark b)
{
    return a.category == b.category && a.actions == b.actions;
}

/* Each differs from the first in one thing that rules look at. */
static const struct frame frames[] = {
    {.function = SLICE_INIT("abort"), .abs_path = SLICE_INIT("/usr/lib/libc.so")},
    {.function = SLICE_INIT("main"), .abs_path = SLICE_INIT("/usr/lib/libc.so")},
    {.function = SLICE_INIT("abort"), .abs_path = SLICE_INIT("/srv/shop/main.c")},
    {.function = SLICE_INIT("abort"), .filename = SLICE_INIT("/usr/lib/libc.so")},
    {.function = SLICE_INIT("abort"), .package = SLICE_INIT("/usr/lib/libc.so")},
    {.function = SLICE_INIT("abort"), .module = SLICE_INIT("/usr/lib/libc.so")},
    {.function = SLICE_INIT("x_block_invoke"), .in_app = YES},
    {.function = SLICE_INIT("x_block_invoke"), .in_app = NO},
    {.function = SLICE_INIT("abort"), .platform = SLICE_INIT("javascript")},
};
#define FRAME_COUNT (sizeof(frames) / sizeof(frames[0]))

Test(stack_memo, a_remembered_mark_is_the_one_the_rules_give)
{
    const struct event event = {.platform = SLICE("native")};
    struct stack_memo *memo = stack_memo_new();
    cr_assert_not_null(memo);
    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < FRAME_COUNT; i++) {
            cr_expect(is_same(stack_memo_mark(memo, &event, &frames[i]),
                              stack_rule_mark(&event, &frames[i])),
                      "frame %zu, round %zu", i, round);
        }
    }
    stack_memo_free(memo);
}

/* More frames than slots: they take each other's, and keep their marks. */
Test(stack_memo, frames_that_share_a_slot_are_told_apart)
{
    const struct event event = {.platform = SLICE("native")};
    struct stack_memo *memo = stack_memo_new();
    char name[32];
    for (unsigned i = 0; i < 3 * STACK_MEMO_SLOTS; i++) {
        int length = snprintf(name, sizeof(name), "%s%u", i % 2 == 0 ? "std::f" : "shop_f", i);
        const struct frame frame = {.function = slice_of(name, (size_t)length)};
        cr_expect(is_same(stack_memo_mark(memo, &event, &frame), stack_rule_mark(&event, &frame)),
                  "%s", name);
    }
    stack_memo_free(memo);
}

/* At the bound and one past it, and without a memo at all. */
Test(stack_memo, what_is_too_long_to_remember_is_asked_anew)
{
    const struct event event = {.platform = SLICE("native")};
    char path[STACK_MEMO_KEY_BYTES_MAX];
    struct stack_memo *memo = stack_memo_new();
    memset(path, 'p', sizeof(path));
    memcpy(path, "/usr/lib/", 9);
    for (size_t length = STACK_MEMO_KEY_BYTES_MAX - 8; length <= STACK_MEMO_KEY_BYTES_MAX;
         length++) {
        const struct frame frame = {.abs_path = slice_of(path, length)};
        for (int round = 0; round < 2; round++) {
            cr_expect(
                is_same(stack_memo_mark(memo, &event, &frame), stack_rule_mark(&event, &frame)),
                "%zu bytes", length);
        }
        cr_expect(is_same(stack_memo_mark(NULL, &event, &frame), stack_rule_mark(&event, &frame)));
    }
    stack_memo_free(memo);
}
