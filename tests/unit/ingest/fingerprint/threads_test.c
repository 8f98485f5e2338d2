/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/fingerprint/fixture.h"

TestSuite(threads, .init = fixture_start);

static struct frame frames[] = {
    {.function = S("zero"), .in_app = YES},
    {.function = S("one"), .in_app = YES},
    {.function = S("two"), .in_app = YES},
};

/* What counts of `count` threads, of which `crashed` and `current` (bits) are. */
static struct slice counted(uint32_t count, unsigned crashed, unsigned current)
{
    struct thread threads[3] = {0};
    fixture_start();
    for (uint32_t i = 0; i < count; i++) {
        threads[i].stacktrace = (struct stacktrace){&frames[i], 1, NULL, 0, 0};
        threads[i].is_crashed = (crashed >> i & 1) != 0;
        threads[i].is_current = (current >> i & 1) != 0;
    }
    struct event event = {.platform = SLICE("python"), .threads = threads, .thread_count = count};
    way_threads(&parts, &event);
    return fixture_counted(VARIANT_APP);
}

Test(threads, the_one_that_stands_out_counts)
{
    static const struct {
        uint32_t count;
        unsigned crashed;
        unsigned current;
        const char *counted;
    } rows[] = {
        {0, 0, 0, ""},    {1, 0, 0, "zero"}, {2, 0, 0, ""}, {3, 2, 1, "one"},
        {3, 0, 4, "two"}, {3, 3, 4, "two"},  {3, 3, 3, ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice got = counted(rows[i].count, rows[i].crashed, rows[i].current);
        cr_expect(slice_eq(got, slice_str(rows[i].counted)), "row %zu: %.*s", i, SLICE_ARG(got));
    }
}

Test(threads, event_may_have_a_stack_trace_of_its_own)
{
    struct event event = {.platform = SLICE("python"), .stacktrace = {frames, 3, NULL, 0, 0}};
    way_stacktrace(&parts, &event);
    EXPECT_COUNTED(VARIANT_APP, "zero|one|two");

    fixture_start();
    event.stacktrace.count = 0;
    way_stacktrace(&parts, &event);
    cr_expect_null(parts.first);
}
