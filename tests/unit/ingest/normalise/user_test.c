/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(user, .init = fixture_start);

Test(user, address_is_taken_from_the_connection_only_where_it_is_the_users)
{
    static const struct {
        const char *platform;
        const char *sent;
        const char *request; /* NULL: none */
        const char *address;
    } rows[] = {
        {"python", "", NULL, ""},
        {"python", "{{auto}}", NULL, "192.0.2.7"},
        {"python", " 198.51.100.1 ", NULL, "198.51.100.1"},
        {"javascript", "", NULL, "192.0.2.7"},
        {"cocoa", "", NULL, "192.0.2.7"},
        {"javascript", "198.51.100.1", NULL, "198.51.100.1"},
        {"php", "", "{\"env\":{\"REMOTE_ADDR\":\"198.51.100.2\"}}", "198.51.100.2"},
        {"php", "", "{\"env\":{\"REMOTE_ADDR\":\"{{auto}}\"}}", "192.0.2.7"},
        {"php", "{{auto}}", "{\"env\":{\"REMOTE_ADDR\":\"198.51.100.2\"}}", "192.0.2.7"},
        {"php", "", "{\"env\":7}", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event event = {.platform = slice_str(rows[i].platform)};
        event.user.ip_address = slice_str(rows[i].sent);
        event.request.raw = rows[i].request != NULL ? fixture_tree(rows[i].request) : NULL;
        step_user(&arena, &input, &event);
        EXPECT_TEXT(event.user.ip_address, rows[i].address);
    }
}

Test(user, fields_have_no_space_around_them)
{
    struct event event = {
        .user = {.id = SLICE(" 7 "), .email = SLICE("\ta@b.c"), .username = SLICE("ann \n")}};
    step_user(&arena, &input, &event);
    EXPECT_TEXT(event.user.id, "7");
    EXPECT_TEXT(event.user.email, "a@b.c");
    EXPECT_TEXT(event.user.username, "ann");
}
