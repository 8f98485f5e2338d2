/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(views, .init = fixture_start);

Test(views, of_every_part_of_a_request)
{
    struct event event = {0};
    event.request.url = SLICE("https://shop.example/a/%2e%2e/b");
    event.request.query_string = SLICE("q=%27+OR+1");
    event.request.headers =
        fixture_tree("[[\"Content-Type\",\"application/x-www-form-urlencoded\"]]");
    event.request.data = fixture_tree("\"x=c%5Ca%5Ct 1+2\"");
    step_views(&arena, &input, &event);
    EXPECT_TEXT(event.request.decoded.path, "/a/../b");
    EXPECT_TEXT(event.request.decoded.query, "q=' OR 1");
    EXPECT_TEXT(event.request.decoded.body, "x=c\\a\\t 1 2");
    EXPECT_TEXT(event.request.decoded.headers, "Content-Type=application/x-www-form-urlencoded\n");
    EXPECT_TEXT(event.request.decoded.unquoted,
                "/a/../b\nq= OR 1\nx=cat 1 2\nContent-Type=application/x-www-form-urlencoded\n");
}

Test(views, are_empty_without_a_request)
{
    struct event event = {0};
    step_views(&arena, &input, &event);
    EXPECT_TEXT(event.request.decoded.path, "");
    EXPECT_TEXT(event.request.decoded.body, "");
    EXPECT_TEXT(event.request.decoded.unquoted, "");
    cr_expect_eq(arena.used, 0);
}

Test(views, take_a_url_that_is_only_a_path)
{
    struct event event = {0};
    event.request.url = SLICE("/x%2fy");
    step_views(&arena, &input, &event);
    EXPECT_TEXT(event.request.decoded.path, "/x/y");
}
