/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(trim, .init = fixture_start);

static char text[512];

static void check(size_t extra)
{
    memset(text, 'x', sizeof(text));
    struct event event = {.logger = slice_of(text, LOGGER_BYTES_MAX + extra),
                          .transaction = slice_of(text, TRANSACTION_BYTES_MAX + extra),
                          .server_name = slice_of(text, SERVER_NAME_BYTES_MAX + extra),
                          .release = slice_of(text, RELEASE_BYTES_MAX + extra),
                          .dist = slice_of(text, DIST_BYTES_MAX + extra),
                          .environment = slice_of(text, ENVIRONMENT_BYTES_MAX + extra),
                          .platform = slice_of(text, PLATFORM_BYTES_MAX + extra)};
    event.user.id = event.user.email = slice_of(text, USER_FIELD_BYTES_MAX + extra);
    event.user.username = event.user.ip_address = event.user.id;
    step_trim(&arena, &input, &event);
    cr_expect_eq(event.logger.len, LOGGER_BYTES_MAX);
    cr_expect_eq(event.transaction.len, TRANSACTION_BYTES_MAX);
    cr_expect_eq(event.server_name.len, SERVER_NAME_BYTES_MAX);
    cr_expect_eq(event.release.len, RELEASE_BYTES_MAX);
    cr_expect_eq(event.dist.len, DIST_BYTES_MAX);
    cr_expect_eq(event.environment.len, ENVIRONMENT_BYTES_MAX);
    cr_expect_eq(event.platform.len, PLATFORM_BYTES_MAX);
    cr_expect_eq(event.user.id.len, USER_FIELD_BYTES_MAX);
    cr_expect_eq(event.user.email.len, USER_FIELD_BYTES_MAX);
    cr_expect_eq(event.user.username.len, USER_FIELD_BYTES_MAX);
    cr_expect_eq(event.user.ip_address.len, USER_FIELD_BYTES_MAX);
}

Test(trim, fields_at_their_limit_stay_and_past_it_are_cut)
{
    check(0);
    check(1);
    check(100);
}

Test(trim, space_around_a_field_goes_and_no_letter_is_cut_in_two)
{
    struct event event = {.release = SLICE(" shop@1 \n"), .environment = slice_of(text, 65)};
    memset(text, 'x', 63);
    memcpy(text + 63, "\xc3\xa4", 2);
    step_trim(&arena, &input, &event);
    EXPECT_TEXT(event.release, "shop@1");
    cr_expect_eq(event.environment.len, 63);
}
