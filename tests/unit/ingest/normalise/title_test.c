/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(title, .init = fixture_start);

static struct event titled(struct exception exception)
{
    struct event event = {.exceptions = &exception, .exception_count = 1};
    step_title(&arena, &input, &event);
    return event;
}

Test(title, of_an_exception_is_type_and_first_line)
{
    static const char *const rows[][3] = {
        {"KeyError", "no key", "KeyError: no key"},
        {"KeyError", "no key\nat line 7", "KeyError: no key"},
        {"KeyError", " ", "KeyError"},
        {"", "no key\nmore", "no key"},
        {"", "", "<unlabeled event>"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct exception exception = {.type = slice_str(rows[i][0]),
                                      .value = slice_str(rows[i][1])};
        EXPECT_TEXT(titled(exception).title, rows[i][2]);
    }
}

Test(title, of_an_invented_exception_is_where_it_was)
{
    struct frame frames[] = {{.function = SLICE("buy"), .in_app = YES}, {.function = SLICE("get")}};
    struct exception exception = {
        .type = SLICE("Error"), .is_synthetic = true, .stacktrace = {frames, 2, NULL, 0, 0}};
    EXPECT_TEXT(titled(exception).title, "buy");
    frames[0].ignored_by = "a rule";
    EXPECT_TEXT(titled(exception).title, "get");
    exception.stacktrace.count = 0;
    EXPECT_TEXT(titled(exception).title, "Error");
}

Test(title, of_a_chain_is_the_last_and_of_a_group_of_the_same_its_first_member)
{
    struct exception list[] = {
        {.type = SLICE("Pear"), .value = SLICE("x"), .exception_id = 2, .parent_id = 0},
        {.type = SLICE("Pear"), .value = SLICE("x"), .exception_id = 1, .parent_id = 0},
        {.type = SLICE("Group"), .value = SLICE("two"), .exception_id = 0, .parent_id = -1},
    };
    struct event event = {.exceptions = list, .exception_count = 3};
    step_title(&arena, &input, &event);
    EXPECT_TEXT(event.title, "Group: two");
    list[2].is_group = true;
    step_title(&arena, &input, &event);
    EXPECT_TEXT(event.title, "Pear: x");
    list[0].type = SLICE("Apple");
    step_title(&arena, &input, &event);
    EXPECT_TEXT(event.title, "Group: two");
}

Test(title, of_a_message_is_its_first_line)
{
    struct event event = {.message = SLICE("user %s"), .formatted = SLICE("\n user ann \nmore")};
    step_title(&arena, &input, &event);
    EXPECT_TEXT(event.title, "user ann");
    event.formatted = SLICE("");
    step_title(&arena, &input, &event);
    EXPECT_TEXT(event.title, "user %s");
    event = (struct event){.type = EVENT_TRANSACTION, .transaction = SLICE("/cart")};
    step_title(&arena, &input, &event);
    EXPECT_TEXT(event.title, "/cart");
}

Test(title, at_the_limit_stays_and_past_it_ends_in_dots)
{
    static char text[TITLE_BYTES_MAX + 1];
    memset(text, 'x', sizeof(text));
    struct event event = {.formatted = slice_of(text, TITLE_BYTES_MAX)};
    step_title(&arena, &input, &event);
    cr_expect_eq(event.title.len, TITLE_BYTES_MAX);
    cr_expect_eq(event.title.at[TITLE_BYTES_MAX - 1], 'x');
    event.formatted = slice_of(text, TITLE_BYTES_MAX + 1);
    step_title(&arena, &input, &event);
    cr_expect_eq(event.title.len, TITLE_BYTES_MAX);
    cr_expect(slice_ends(event.title, SLICE("x...")));
}

Test(title, culprit_is_the_transaction_or_the_place)
{
    struct frame frames[] = {
        {.module = SLICE("shop.cart"),
         .filename = SLICE("cart.py"),
         .function = SLICE("buy"),
         .in_app = YES},
        {.filename = SLICE("get.py"), .function = SLICE("get"), .in_app = NO},
    };
    struct exception exception = {.type = SLICE("E"), .stacktrace = {frames, 2, NULL, 0, 0}};
    struct event event = {.exceptions = &exception, .exception_count = 1};
    step_title(&arena, &input, &event);
    EXPECT_TEXT(event.culprit, "shop.cart in buy");
    frames[0].in_app = NO;
    step_title(&arena, &input, &event);
    EXPECT_TEXT(event.culprit, "get.py in get");
    frames[1].function = SLICE("");
    step_title(&arena, &input, &event);
    EXPECT_TEXT(event.culprit, "get.py");
    event.transaction = SLICE("/cart");
    step_title(&arena, &input, &event);
    EXPECT_TEXT(event.culprit, "/cart");
}

Test(title, culprit_without_an_exception_is_of_the_stack_or_the_thread)
{
    struct frame frame = {.function = SLICE("buy")};
    struct thread threads[] = {{0}, {.is_crashed = true, .stacktrace = {&frame, 1, NULL, 0, 0}}};
    struct event event = {.threads = threads, .thread_count = 2};
    step_title(&arena, &input, &event);
    EXPECT_TEXT(event.culprit, "buy");
    threads[1].is_crashed = false;
    step_title(&arena, &input, &event);
    EXPECT_TEXT(event.culprit, "");
    event.stacktrace = (struct stacktrace){&frame, 1, NULL, 0, 0};
    step_title(&arena, &input, &event);
    EXPECT_TEXT(event.culprit, "buy");
}

Test(title, full_arena_gives_what_needs_none)
{
    arena_over(&arena, fixture_room, 0);
    EXPECT_TEXT(titled((struct exception){.type = SLICE("E"), .value = SLICE("x")}).title, "E");
}
