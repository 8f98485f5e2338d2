/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(normalise, .init = fixture_start);

Test(normalise, empty_event_becomes_a_whole_one)
{
    struct event event = {0};
    normalise_event(&arena, &input, &event);
    cr_expect(id_eq(event.id, input.seed));
    cr_expect_eq(event.timestamp_us, FIXTURE_NOW_US);
    cr_expect_eq(event.received_us, FIXTURE_NOW_US);
    cr_expect_eq(event.level, LEVEL_ERROR);
    EXPECT_TEXT(event.platform, "other");
    EXPECT_TEXT(event.title, "<unlabeled event>");
}

Test(normalise, doing_it_twice_changes_nothing_more)
{
    struct frame frame = {.function = SLICE("void shop::buy(int)"), .in_app = YES};
    struct exception exception = {.value = SLICE(" KeyError: no key "),
                                  .stacktrace = {&frame, 1, NULL, 0, 0}};
    struct event event = {.platform = SLICE("native"),
                          .exceptions = &exception,
                          .exception_count = 1,
                          .message = SLICE("user %s"),
                          .params = fixture_tree("[\"ann\"]")};
    event.request.url = SLICE("http://h/a?b=c#d");
    normalise_event(&arena, &input, &event);
    struct event once = event;
    struct frame frame_once = frame;
    normalise_event(&arena, &input, &event);
    cr_expect(slice_eq(event.title, once.title) && slice_eq(event.culprit, once.culprit));
    cr_expect(slice_eq(event.formatted, once.formatted));
    cr_expect(slice_eq(frame.function, frame_once.function) && frame.in_app == frame_once.in_app);
    cr_expect(slice_eq(event.request.url, once.request.url));
    EXPECT_TEXT(event.title, "KeyError: no key");
    EXPECT_TEXT(frame.function, "shop::buy");
}

Test(normalise, full_arena_still_gives_an_event)
{
    for (size_t size = 0; size <= 512; size += 16) {
        struct frame frames[] = {{.function = SLICE("f(int)")}, {.function = SLICE("g<a>(b)")}};
        struct exception exception = {
            .type = SLICE("E"), .value = SLICE("v"), .stacktrace = {frames, 2, NULL, 0, 0}};
        struct tag tag = {SLICE("a b"), SLICE("c")};
        struct event event = {.platform = SLICE("native"),
                              .exceptions = &exception,
                              .exception_count = 1,
                              .message = SLICE("%s"),
                              .tags = &tag,
                              .tag_count = 1};
        event.request.method = SLICE("get");
        arena_over(&arena, fixture_room, size);
        normalise_event(&arena, &input, &event);
        cr_expect_gt(event.title.len, 0);
    }
}
