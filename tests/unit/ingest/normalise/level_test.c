/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(level, .init = fixture_start);

Test(level, is_error_where_none_was_sent)
{
    struct event event = {.level = LEVEL_DEBUG};
    step_level(&arena, &input, &event);
    cr_expect_eq(event.level, LEVEL_ERROR);
    EXPECT_TEXT(event.platform, "other");
    cr_expect_eq(event.type, EVENT_DEFAULT);

    event = (struct event){.type = EVENT_TRANSACTION};
    step_level(&arena, &input, &event);
    cr_expect_eq(event.level, LEVEL_INFO);
}

Test(level, as_sent_stays)
{
    struct event event = {.level = LEVEL_DEBUG, .has_level = true, .platform = SLICE(" go ")};
    step_level(&arena, &input, &event);
    cr_expect_eq(event.level, LEVEL_DEBUG);
    EXPECT_TEXT(event.platform, "go");
}

Test(level, event_with_an_exception_is_an_error)
{
    struct exception exception = {0};
    struct event event = {.exceptions = &exception, .exception_count = 1};
    step_level(&arena, &input, &event);
    cr_expect_eq(event.type, EVENT_ERROR);
    event.type = EVENT_CSP;
    step_level(&arena, &input, &event);
    cr_expect_eq(event.type, EVENT_CSP);
}
