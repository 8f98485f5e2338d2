/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/alerting.h"
#include "tests/unit/alerting/world.h"

static uint32_t count_of(const char *text, const char *part)
{
    uint32_t count = 0;
    for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

Test(alerting, a_new_issue_becomes_one_signed_webhook)
{
    struct world world;
    world_begin(&world);
    struct alerting *alerting = world_start(
        &world, "n1",
        "external_url: https://tocsin.example\n"
        "route: {receiver: team, group_wait: 0s}\n"
        "receivers: [{name: team, webhook_configs: [{url: 'http://127.0.0.1:PORT/hook',\n"
        "    secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw}]}]\n");

    world_fact(&world, "new", 640);

    cr_assert_eq(receiver_wait(&world.receiver, 1, 10000), 1);
    struct receiver_request request = receiver_request(&world.receiver, 0);
    cr_expect_str_eq(request.path, "/hook");
    cr_expect_eq(strncmp(request.id, "ntf_", 4), 0, "%s", request.id);
    cr_expect_eq(strncmp(request.signature, "v1,", 3), 0, "%s", request.signature);
    static const char *const parts[] = {"\"status\":\"firing\"",
                                        "\"receiver\":\"team\"",
                                        "\"alertname\":\"New issue\"",
                                        "\"issue\":\"640\"",
                                        "\"severity\":\"error\"",
                                        "\"environment\":\"production\"",
                                        "\"summary\":\"ValueError: boom\"",
                                        "\"notification_reason\":\"first notification\"",
                                        "\"externalURL\":\"https://tocsin.example\""};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        cr_expect_eq(count_of(request.body, parts[i]) > 0, 1, "%s in %s", parts[i], request.body);
    }
    const struct alerting_stats *stats = alerting_stats(alerting);
    cr_expect(world_wait(&stats->delivered, 1));
    cr_expect_eq(stats->facts_read, 1);
    cr_expect_eq(stats->alerts_fired, 1);
    cr_expect_eq(stats->notices_queued, 1);
    cr_expect(stats->redis_connected);
    alerting_stop(alerting, 1000);
    cr_expect_eq(receiver_wait(&world.receiver, 2, 0), 1, "told once");
    world_end(&world);
}

Test(alerting, resolving_the_issue_ends_the_alert_and_its_return_is_told_again)
{
    struct world world;
    world_begin(&world);
    struct alerting *alerting = world_start(&world, "n1", WORLD_CONFIG);

    world_fact(&world, "new", 65);
    cr_assert_eq(receiver_wait(&world.receiver, 1, 10000), 1);
    world_fact(&world, "resolved", 65);
    cr_assert_eq(receiver_wait(&world.receiver, 2, 10000), 2);
    world_fact(&world, "regressed", 65);
    cr_assert_eq(receiver_wait(&world.receiver, 3, 10000), 3);

    cr_expect(strstr(receiver_request(&world.receiver, 1).body, "\"status\":\"resolved\"") != NULL);
    const char *third = receiver_request(&world.receiver, 2).body;
    cr_expect(strstr(third, "\"alertname\":\"Regressed issue\"") != NULL, "%s", third);
    alerting_stop(alerting, 1000);
    world_end(&world);
}

Test(alerting, an_alert_with_news_is_repeated_after_the_repeat_interval)
{
    struct world world;
    world_begin(&world);
    struct alerting *alerting = world_start(
        &world, "n1",
        "route: {receiver: team, group_by: [issue], group_wait: 0s, group_interval: 1s,\n"
        "        repeat_interval: 1s}\n"
        "receivers: [{name: team, webhook_configs: [{url: 'http://127.0.0.1:PORT/hook'}]}]\n");

    world_fact(&world, "new", 7);
    cr_assert_eq(receiver_wait(&world.receiver, 1, 10000), 1);
    cr_expect_eq(receiver_wait(&world.receiver, 2, 1300), 1, "silence is not repeated");
    world_fact(&world, "new", 7);
    world_fact(&world, "new", 7);
    cr_assert_eq(receiver_wait(&world.receiver, 2, 10000), 2);

    const char *body = receiver_request(&world.receiver, 1).body;
    cr_expect(strstr(body, "repeat interval elapsed") != NULL, "%s", body);
    alerting_stop(alerting, 1000);
    world_end(&world);
}

Test(alerting, an_ignored_issue_is_silent)
{
    struct world world;
    world_begin(&world);
    struct alerting *alerting = world_start(&world, "n1", WORLD_CONFIG);
    const struct alerting_stats *stats = alerting_stats(alerting);

    world_fact(&world, "new", 9);
    cr_assert_eq(receiver_wait(&world.receiver, 1, 10000), 1);
    world_fact(&world, "ignored", 9);
    cr_assert_eq(receiver_wait(&world.receiver, 2, 10000), 2);
    world_fact(&world, "new", 9);
    cr_assert(world_wait(&stats->facts_read, 3));

    cr_expect_eq(stats->alerts_fired, 1);
    cr_expect_eq(stats->notices_queued, 2);
    alerting_stop(alerting, 1000);
    world_end(&world);
}

Test(alerting, two_nodes_tell_once)
{
    struct world world;
    world_begin(&world);
    struct alerting *first = world_start(&world, "n1", WORLD_CONFIG);
    struct alerting *second = world_start(&world, "n2", WORLD_CONFIG);
    const struct alerting_stats *a = alerting_stats(first);
    const struct alerting_stats *b = alerting_stats(second);

    for (unsigned issue = 1; issue <= 200; issue++) {
        world_fact(&world, "new", issue);
    }

    cr_expect_eq(receiver_wait(&world.receiver, 200, 20000), 200);
    cr_expect_eq(receiver_wait(&world.receiver, 201, 1200), 200, "nobody is told twice");
    cr_expect_eq(a->alerts_fired + b->alerts_fired, 200);
    cr_expect_eq(a->delivered + b->delivered, 200);
    cr_expect_eq(a->redis_errors + b->redis_errors, 0);
    alerting_stop(first, 1000);
    alerting_stop(second, 1000);
    world_end(&world);
}

Test(alerting, redis_away_and_back_loses_no_notice_and_makes_none_twice)
{
    struct world world;
    world_begin(&world);
    /* Else Redis may answer up to two seconds before it writes: what is told is forgotten again. */
    freeReplyObject(redis_command(world.redis, "CONFIG SET appendfsync always"));
    struct alerting *alerting = world_start(&world, "n1", WORLD_CONFIG);
    const struct alerting_stats *stats = alerting_stats(alerting);
    world_fact(&world, "new", 1);
    cr_assert(receiver_wait(&world.receiver, 1, 10000) == 1 && world_wait(&stats->delivered, 1));

    redis_server_kill(&world.server);
    redis_server_restart(&world.server);
    world_connect(&world);
    world_fact(&world, "new", 2);

    cr_expect_eq(receiver_wait(&world.receiver, 2, 20000), 2);
    cr_expect_eq(receiver_wait(&world.receiver, 3, 1200), 2);
    cr_expect(strstr(receiver_request(&world.receiver, 1).body, "\"issue\":\"2\"") != NULL);
    alerting_stop(alerting, 1000);
    world_end(&world);
}

Test(alerting, starts_without_redis_and_stops_without_it)
{
    struct world world;
    world_begin(&world);
    redis_server_kill(&world.server);
    struct alerting *alerting = world_start(&world, "n1", WORLD_CONFIG);
    const struct alerting_stats *stats = alerting_stats(alerting);
    cr_expect_not(stats->redis_connected);

    redis_server_restart(&world.server);
    world_connect(&world);
    world_fact(&world, "new", 3);
    cr_expect_eq(receiver_wait(&world.receiver, 1, 10000), 1);
    redis_server_kill(&world.server);
    int64_t before_us = clock_monotonic_us();
    alerting_stop(alerting, 1000);

    cr_expect_lt(clock_monotonic_us() - before_us, 3000000);
    world_end(&world);
}

Test(alerting, a_reload_takes_effect_at_once)
{
    struct world world;
    world_begin(&world);
    struct alerting *alerting = world_start(&world, "n1", "{}");
    const struct alerting_stats *stats = alerting_stats(alerting);
    world_fact(&world, "new", 11);
    cr_assert(world_wait(&stats->alerts_fired, 1));
    cr_expect_eq(stats->notices_queued, 0, "nobody is to be told");

    struct problems problems;
    problems_init(&problems, &world.arena);
    struct ruleset *rules = rules_load_all(NULL, 0, &problems);
    alerting_reload(alerting, world_config(&world, WORLD_CONFIG), rules, NULL);
    world_fact(&world, "new", 12);

    cr_expect_eq(receiver_wait(&world.receiver, 1, 10000), 1);
    alerting_stop(alerting, 1000);
    ruleset_free(rules);
    world_end(&world);
}
