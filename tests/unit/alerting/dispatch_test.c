/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/dispatch.h"
#include "tests/unit/alerting/notices.h"
#include <stdlib.h>

#define P 7u

#define CONFIG                                                                                     \
    "route: {receiver: team}\n"                                                                    \
    "receivers:\n"                                                                                 \
    "  - {name: team, webhook_configs: [{url: 'http://127.0.0.1:PORT/team', timeout: 1s}]}\n"      \
    "  - {name: other, webhook_configs: [{url: 'http://127.0.0.1:PORT/other'}]}\n"

struct fixture {
    struct world world;
    struct alerting_stats stats;
    struct dispatch *dispatch;
    char said[2048];
};

static void hear(void *context, enum alerting_log_level level, const char *text)
{
    struct fixture *f = context;
    size_t length = strlen(f->said);
    (void)level;
    snprintf(f->said + length, sizeof(f->said) - length, "%s\n", text);
}

static struct fixture *begin(void)
{
    struct fixture *f = calloc(1, sizeof(*f));
    world_begin(&f->world);
    return f;
}

static void start(struct fixture *f, const char *node)
{
    const struct dispatch_options options = {.redis = f->world.options,
                                             .node = node,
                                             .config = world_config(&f->world, CONFIG),
                                             .stats = &f->stats,
                                             .log = hear,
                                             .log_context = f};
    f->dispatch = dispatch_start(&options);
    cr_assert_not_null(f->dispatch);
}

static void end(struct fixture *f)
{
    dispatch_stop(f->dispatch, 1000);
    world_end(&f->world);
    free(f);
}

static void queue(struct fixture *f, unsigned partition, const char *lane, unsigned number)
{
    notice_queue(&f->world, partition, lane, number, 0);
    dispatch_hint(f->dispatch, UINT64_C(1) << partition);
}

Test(dispatch, a_hint_is_sent_off_at_once)
{
    struct fixture *f = begin();
    start(f, "n1");
    cr_expect_eq(receiver_wait(&f->world.receiver, 1, 100), 0);
    int64_t before_us = clock_monotonic_us();

    queue(f, P, NOTICES_LANE, 1);

    cr_assert_eq(receiver_wait(&f->world.receiver, 1, 10000), 1);
    cr_expect_lt(clock_monotonic_us() - before_us, 700000);
    struct receiver_request request = receiver_request(&f->world.receiver, 0);
    cr_expect_str_eq(request.path, "/team");
    cr_expect_str_eq(request.body, "{\"notice\":1}");
    cr_expect_str_eq(request.id, "ntf_00000000000000000000000000000001");
    cr_expect(world_wait(&f->stats.delivered, 1));
    dispatch_stop(f->dispatch, 1000);
    f->dispatch = NULL;
    cr_expect(notice_is(&f->world, P, 1, "state", "delivered"));
    end(f);
}

Test(dispatch, what_others_queued_is_found_without_a_hint)
{
    struct fixture *f = begin();
    start(f, "n1");

    notice_queue(&f->world, 63, NOTICES_LANE, 1, 0);

    cr_expect_eq(receiver_wait(&f->world.receiver, 1, 10000), 1);
    end(f);
}

Test(dispatch, a_failed_attempt_is_made_again_with_the_same_id)
{
    struct fixture *f = begin();
    receiver_rule(&f->world.receiver,
                  (struct receiver_rule){.path = "/team", .status = 503, .times = 1});
    start(f, "n1");

    queue(f, P, NOTICES_LANE, 1);

    cr_assert_eq(receiver_wait(&f->world.receiver, 2, 15000), 2);
    struct receiver_request first = receiver_request(&f->world.receiver, 0);
    struct receiver_request second = receiver_request(&f->world.receiver, 1);
    cr_expect_str_eq(first.id, second.id);
    cr_expect_str_eq(first.body, second.body);
    cr_expect_geq(second.at_us - first.at_us, 3900000, "4 s to 6 s later");
    cr_expect_leq(second.at_us - first.at_us, 8000000);
    cr_expect_eq(f->stats.failed[FAILED_SERVER_ERROR], 1);
    cr_expect(strstr(f->said, "status 503") != NULL, "%s", f->said);
    end(f);
}

Test(dispatch, what_is_refused_becomes_a_dead_letter)
{
    struct fixture *f = begin();
    receiver_rule(&f->world.receiver,
                  (struct receiver_rule){.path = "/team", .status = 400, .times = 1});
    start(f, "n1");

    queue(f, P, NOTICES_LANE, 1);

    cr_assert(world_wait(&f->stats.dead, 1));
    dispatch_stop(f->dispatch, 1000);
    f->dispatch = NULL;
    cr_expect(notice_is(&f->world, P, 1, "state", "dead"));
    cr_expect_eq(f->stats.failed[FAILED_CLIENT_ERROR], 1);
    cr_expect(strstr(f->said, "given up after 1 attempts") != NULL, "%s", f->said);
    end(f);
}

Test(dispatch, a_receiver_that_is_gone_is_asked_again_after_a_reload)
{
    struct fixture *f = begin();
    receiver_rule(&f->world.receiver,
                  (struct receiver_rule){.path = "/team", .status = 410, .times = 1});
    start(f, "n1");
    queue(f, P, NOTICES_LANE, 1);
    cr_assert(world_wait(&f->stats.dead, 1));

    queue(f, P, NOTICES_LANE, 2);
    queue(f, P, "other/webhook/0", 3);
    cr_assert_eq(receiver_wait(&f->world.receiver, 2, 10000), 2);
    cr_expect_str_eq(receiver_request(&f->world.receiver, 1).path, "/other");
    cr_expect_eq(receiver_wait(&f->world.receiver, 3, 1300), 2, "its lane is closed");
    dispatch_reload(f->dispatch, world_config(&f->world, CONFIG));

    cr_assert_eq(receiver_wait(&f->world.receiver, 3, 10000), 3);
    cr_expect_str_eq(receiver_request(&f->world.receiver, 2).body, "{\"notice\":2}");
    end(f);
}

Test(dispatch, what_can_never_be_sent_becomes_a_dead_letter)
{
    struct fixture *f = begin();
    start(f, "n1");

    queue(f, P, "renamed/webhook/0", 1);
    cr_assert(world_wait(&f->stats.dead, 1));
    freeReplyObject(redis_command(f->world.redis, "ZADD t:{07}:outbox:%s 1 short", NOTICES_LANE));
    freeReplyObject(redis_command(f->world.redis, "SADD t:{07}:lanes %s", NOTICES_LANE));
    freeReplyObject(redis_command(f->world.redis, "HSET t:{07}:notice:short body x created 1"));
    cr_assert(world_wait(&f->stats.dead, 2));
    dispatch_stop(f->dispatch, 1000);
    f->dispatch = NULL;

    cr_expect_eq(receiver_wait(&f->world.receiver, 1, 0), 0);
    cr_expect(strstr(f->said, "not configured any more") != NULL, "%s", f->said);
    cr_expect(strstr(f->said, "is no notice") != NULL, "%s", f->said);
    end(f);
}

Test(dispatch, a_receiver_that_hangs_holds_up_no_other)
{
    struct fixture *f = begin();
    receiver_rule(
        &f->world.receiver,
        (struct receiver_rule){.path = "/team", .act = RECEIVER_HANGS, .times = UINT32_MAX});
    start(f, "n1");
    for (unsigned i = 1; i <= 20; i++) {
        queue(f, i, NOTICES_LANE, i);
    }
    cr_assert_geq(receiver_wait(&f->world.receiver, DELIVERIES_PER_LANE_MAX, 10000),
                  DELIVERIES_PER_LANE_MAX);

    for (unsigned i = 101; i <= 120; i++) {
        queue(f, i % PARTITION_COUNT, "other/webhook/0", i);
    }

    cr_expect(world_wait(&f->stats.delivered, 20));
    end(f);
}

Test(dispatch, redis_away_while_an_attempt_is_under_way_makes_none_twice)
{
    struct fixture *f = begin();
    f->world.options.command_ms = 200;
    receiver_rule(&f->world.receiver,
                  (struct receiver_rule){.path = "/team", .act = RECEIVER_WAITS, .times = 1});
    start(f, "n1");
    queue(f, P, NOTICES_LANE, 1);
    cr_assert_eq(receiver_wait(&f->world.receiver, 1, 10000), 1);

    kill(f->world.server.pid, SIGSTOP);
    receiver_release(&f->world.receiver);
    cr_assert(world_wait(&f->stats.delivered, 1));
    cr_assert(world_wait(&f->stats.redis_errors, 1));
    kill(f->world.server.pid, SIGCONT);
    queue(f, P, NOTICES_LANE, 2);

    cr_assert_eq(receiver_wait(&f->world.receiver, 2, 10000), 2);
    cr_expect_str_eq(receiver_request(&f->world.receiver, 1).body, "{\"notice\":2}");
    cr_expect(notice_is(&f->world, P, 1, "state", "delivered"));
    end(f);
}

Test(dispatch, what_this_node_had_claimed_before_it_died_is_sent_first_thing)
{
    struct fixture *f = begin();
    notice_queue(&f->world, P, NOTICES_LANE, 1, 0);
    redisReply *reply =
        redis_command(f->world.redis, "FCALL tocsin_outbox_claim 1 t:{07}:lanes n1 %lld 40000 9 9",
                      (long long)(clock_wall_us() / 1000 + 1));
    cr_assert_eq(reply->elements, 3);
    freeReplyObject(reply);

    start(f, "n1");

    cr_expect_eq(receiver_wait(&f->world.receiver, 1, 10000), 1);
    end(f);
}

Test(dispatch, a_stop_gives_back_what_it_cuts_off)
{
    struct fixture *f = begin();
    receiver_rule(&f->world.receiver,
                  (struct receiver_rule){.path = "/team", .act = RECEIVER_HANGS, .times = 1});
    start(f, "n1");
    queue(f, P, NOTICES_LANE, 1);
    cr_assert_eq(receiver_wait(&f->world.receiver, 1, 10000), 1);

    int64_t before_us = clock_monotonic_us();
    dispatch_stop(f->dispatch, 50);
    cr_expect_lt(clock_monotonic_us() - before_us, 900000);
    cr_expect(notice_is(&f->world, P, 1, "why", "cut off by a stop"));
    start(f, "n2");

    cr_assert_eq(receiver_wait(&f->world.receiver, 2, 10000), 2);
    cr_expect_str_eq(receiver_request(&f->world.receiver, 1).id,
                     receiver_request(&f->world.receiver, 0).id);
    end(f);
}

Test(dispatch, a_stop_waits_for_what_ends_in_time)
{
    struct fixture *f = begin();
    receiver_rule(&f->world.receiver,
                  (struct receiver_rule){.path = "/team", .act = RECEIVER_HANGS, .times = 1});
    start(f, "n1");
    queue(f, P, NOTICES_LANE, 1);
    cr_assert_eq(receiver_wait(&f->world.receiver, 1, 10000), 1);

    dispatch_stop(f->dispatch, 5000); /* the attempt times out after one second */
    f->dispatch = NULL;

    cr_expect_eq(f->stats.failed[FAILED_TIMEOUT], 1);
    cr_expect(notice_is(&f->world, P, 1, "attempts", "1"));
    end(f);
}

Test(dispatch, a_thousand_notices_of_one_lane_in_all_partitions_leave_without_pauses)
{
    struct fixture *f = begin();
    for (unsigned i = 1; i <= 1000; i++) {
        notice_queue(&f->world, i % PARTITION_COUNT, NOTICES_LANE, i, 0);
    }
    int64_t before_us = clock_monotonic_us();

    start(f, "n1");

    cr_expect_eq(receiver_wait(&f->world.receiver, 1000, 20000), 1000);
    fprintf(stderr, "1000 notices through one lane: %lld ms\n",
            (long long)((clock_monotonic_us() - before_us) / 1000));
    cr_expect(world_wait(&f->stats.delivered, 1000));
    cr_expect_eq(receiver_wait(&f->world.receiver, 1001, 300), 1000);
    end(f);
}
