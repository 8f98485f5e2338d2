/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/link.h"
#include "tests/unit/alerting/world.h"

struct heard {
    char last[512];
    uint32_t count;
};

static void hear(void *context, enum alerting_log_level level, const char *text)
{
    struct heard *heard = context;
    (void)level;
    snprintf(heard->last, sizeof(heard->last), "%s", text);
    heard->count++;
}

Test(link, a_new_connection_is_new_once_and_has_the_functions)
{
    struct world world;
    struct link link;
    world_begin_alone(&world);
    freeReplyObject(redis_command(world.redis, "FUNCTION FLUSH"));
    link_init(&link, &world.options, NULL);

    cr_expect_eq(link_check(&link, 1000000), LINK_NEW);
    cr_expect_eq(link_check(&link, 1000001), LINK_UP);

    redisReply *reply = redis_command(link.redis, "FUNCTION LIST LIBRARYNAME tocsin_alerting");
    cr_assert_not_null(reply);
    cr_expect_eq(reply->elements, 1);
    freeReplyObject(reply);
    link_done(&link);
    world_end(&world);
}

Test(link, is_tried_again_after_a_while_and_not_before)
{
    struct world world;
    struct link link;
    int64_t now_us = 1000000;
    world_begin_alone(&world);
    link_init(&link, &world.options, NULL);
    redis_server_kill(&world.server);

    cr_expect_eq(link_check(&link, now_us), LINK_DOWN);
    redis_server_restart(&world.server);
    cr_expect_eq(link_check(&link, now_us + LINK_RETRY_US - 1), LINK_DOWN);
    cr_expect_eq(link_check(&link, now_us + LINK_RETRY_US), LINK_NEW);
    link_done(&link);
    world_end(&world);
}

Test(link, what_broke_is_closed_and_made_again)
{
    struct world world;
    struct link link;
    world_begin_alone(&world);
    link_init(&link, &world.options, NULL);
    cr_assert_eq(link_check(&link, 1), LINK_NEW);

    link_broke(&link, 1);

    cr_expect_not(redis_is_connected(link.redis));
    cr_expect_eq(link_check(&link, 2), LINK_DOWN);
    cr_expect_eq(link_check(&link, 1 + LINK_RETRY_US), LINK_NEW);
    link_done(&link);
    world_end(&world);
}

Test(link, a_short_absence_is_no_news_and_a_long_one_is_said_once)
{
    struct world world;
    struct link link;
    struct heard heard = {.count = 0};
    struct say to = {hear, &heard};
    int64_t now_us = 1000000;
    world_begin_alone(&world);
    link_init(&link, &world.options, &to);
    redis_server_kill(&world.server);

    for (; now_us < 1000000 + LINK_AWAY_SAID_US; now_us += LINK_RETRY_US) {
        cr_expect_eq(link_check(&link, now_us), LINK_DOWN);
    }
    cr_expect_eq(heard.count, 0);
    for (int i = 0; i < 5; i++, now_us += LINK_RETRY_US) {
        cr_expect_eq(link_check(&link, now_us), LINK_DOWN);
    }
    cr_expect_eq(heard.count, 1);
    cr_expect(strstr(heard.last, world.server.socket) != NULL, "%s", heard.last);
    redis_server_restart(&world.server);
    cr_expect_eq(link_check(&link, now_us), LINK_NEW);

    cr_expect_eq(heard.count, 2);
    cr_expect_str_eq(heard.last, "alerting goes on: redis was away for 3000 ms");
    link_done(&link);
    world_end(&world);
}
