/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/watcher.h"
#include "tests/unit/alerting/world.h"
#include <stdlib.h>

/* A watcher whose dispatcher may run or not: its notices then stay in the outbox. */
struct fixture {
    struct world world;
    struct alerting_stats stats;
    struct alerting_stats dispatch_stats;
    struct dispatch *dispatch;
    struct watcher *watcher;
    size_t step_bytes;
    char said[1024];
};

static void hear(void *context, enum alerting_log_level level, const char *text)
{
    struct fixture *f = context;
    (void)level;
    snprintf(f->said, sizeof(f->said), "%s", text);
}

/* Told after one second, at a port where nobody listens. */
#define LATER                                                                                      \
    "route: {receiver: team, group_by: [issue], group_wait: 1s}\n"                                 \
    "receivers: [{name: team, webhook_configs: [{url: 'http://127.0.0.1:1/'}]}]\n"

static void start(struct fixture *f, const char *yaml)
{
    const struct dispatch_options dispatch = {.redis = f->world.options,
                                              .node = "n1",
                                              .config = world_config(&f->world, yaml),
                                              .stats = &f->dispatch_stats};
    f->dispatch = dispatch_start(&dispatch);
    cr_assert_not_null(f->dispatch);
    const struct watcher_options options = {.redis = f->world.options,
                                            .config = world_config(&f->world, yaml),
                                            .rules = f->world.rules,
                                            .step_bytes = f->step_bytes,
                                            .stats = &f->stats,
                                            .dispatch = f->dispatch,
                                            .say = {hear, f}};
    f->watcher = watcher_start(&options);
    cr_assert_not_null(f->watcher);
}

static struct fixture *begin(const char *yaml)
{
    struct fixture *f = calloc(1, sizeof(*f));
    world_begin_alone(&f->world);
    start(f, yaml);
    return f;
}

static void stop(struct fixture *f)
{
    watcher_stop(f->watcher);
    dispatch_stop(f->dispatch, 0);
    f->watcher = NULL;
    f->dispatch = NULL;
}

static void end(struct fixture *f)
{
    stop(f);
    world_end(&f->world);
    free(f);
}

static bool wait_for_alerts(struct fixture *f, uint64_t firing)
{
    int64_t end_us = clock_monotonic_us() + 10000000;
    while (f->stats.alerts_firing != firing && clock_monotonic_us() < end_us) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return f->stats.alerts_firing == firing;
}

Test(watcher, takes_facts_of_all_partitions_where_it_stopped_before)
{
    struct fixture *f = begin("{}");
    for (unsigned i = 0; i < PARTITION_COUNT; i++) {
        world_fact(&f->world, "new", 64 + i);
    }
    cr_assert(world_wait(&f->stats.alerts_fired, PARTITION_COUNT));
    stop(f);
    world_fact(&f->world, "new", 200);

    start(f, "{}");

    cr_expect(world_wait(&f->stats.alerts_fired, PARTITION_COUNT + 1));
    cr_expect_eq(f->stats.facts_read, PARTITION_COUNT + 1, "each once");
    cr_expect_eq(f->stats.conflicts, 0);
    end(f);
}

Test(watcher, a_timer_goes_off_at_its_moment)
{
    struct fixture *f = begin(LATER);
    int64_t before_us = clock_wall_us();
    world_fact(&f->world, "new", 7);
    cr_assert(world_wait(&f->stats.alerts_fired, 1));
    cr_expect_eq(f->stats.notices_queued, 0);

    cr_assert(world_wait(&f->stats.notices_queued, 1));

    int64_t waited_us = clock_wall_us() - before_us;
    cr_expect_geq(waited_us, 1000000);
    cr_expect_leq(waited_us, 1500000, "%lld", (long long)waited_us);
    end(f);
}

Test(watcher, counts_what_fires_over_all_partitions)
{
    struct fixture *f = begin("{}");

    world_fact(&f->world, "new", 7);
    world_fact(&f->world, "new", 8);
    world_fact(&f->world, "new", 71);
    cr_expect(wait_for_alerts(f, 3));
    world_fact(&f->world, "resolved", 7);

    cr_expect(wait_for_alerts(f, 2));
    cr_expect_eq(f->stats.alerts_resolved, 1);
    end(f);
}

Test(watcher, what_another_node_did_is_a_conflict_and_no_error)
{
    struct fixture *f = begin("{}");
    freeReplyObject(redis_command(f->world.redis, "HSET t:{07}:facts_read version 40"));

    world_fact(&f->world, "new", 7);

    cr_expect(world_wait(&f->stats.alerts_fired, 1));
    cr_expect_eq(f->stats.redis_errors, 0);
    cr_expect_eq(f->stats.alerts_fired, 1);
    end(f);
}

Test(watcher, loads_the_functions_again_when_redis_lost_them)
{
    struct fixture *f = begin("{}");
    world_fact(&f->world, "new", 7);
    cr_assert(world_wait(&f->stats.alerts_fired, 1));
    freeReplyObject(redis_command(f->world.redis, "FUNCTION FLUSH"));

    world_fact(&f->world, "new", 8);

    cr_expect(world_wait(&f->stats.alerts_fired, 2));
    cr_expect_geq(f->stats.redis_errors, 1);
    end(f);
}

Test(watcher, malformed_facts_hold_up_no_others)
{
    struct fixture *f = begin("{}");
    for (int i = 0; i < 300; i++) {
        freeReplyObject(redis_command(f->world.redis, "XADD t:{07}:facts * hello world"));
    }
    world_fact(&f->world, "new", 7);

    cr_expect(world_wait(&f->stats.alerts_fired, 1));

    cr_expect_eq(f->stats.facts_malformed, 300);
    cr_expect_eq(f->stats.facts_read, 301);
    end(f);
}

Test(watcher, a_partition_that_is_broken_keeps_no_other_from_being_told)
{
    struct fixture *f = begin("{}");
    freeReplyObject(redis_command(f->world.redis, "SET t:{07}:i:71:alerts x"));

    world_fact(&f->world, "resolved", 71);
    world_fact(&f->world, "new", 8);

    cr_expect(world_wait(&f->stats.alerts_fired, 1));
    cr_expect(strstr(f->said, "partition 7 is left alone") != NULL, "%s", f->said);
    freeReplyObject(redis_command(f->world.redis, "DEL t:{07}:i:71:alerts"));
    world_fact(&f->world, "new", 71);
    cr_expect(world_wait(&f->stats.alerts_fired, 2), "and it goes on when it is mended");
    end(f);
}

Test(watcher, a_fact_too_large_to_take_is_stepped_over)
{
    struct fixture *f = begin("{}");
    stop(f);
    f->step_bytes = 4u << 20;
    redisReply *reply = redis_command(
        f->world.redis, "EVAL %s 0",
        "for i = 1, 50000 do redis.call('SADD', 't:{07}:i:71:alerts', string.format('%032d', i)) "
        "end return 1");
    cr_assert_eq(redis_number(reply), 1);
    freeReplyObject(reply);
    world_fact(&f->world, "new", 7);
    world_fact(&f->world, "resolved", 71);
    world_fact(&f->world, "new", 135);

    start(f, "{}");

    cr_expect(world_wait(&f->stats.alerts_fired, 2), "those before and after it");
    cr_expect_eq(f->stats.facts_malformed, 1);
    cr_expect_eq(f->stats.facts_read, 3);
    cr_expect(strstr(f->said, "too large to take") != NULL, "%s", f->said);
    end(f);
}

Test(watcher, takes_a_burst_of_thousands)
{
    struct fixture *f = begin("{}");
    redisReply *reply = redis_command(
        f->world.redis, "EVAL %s 0",
        "for i = 64, 3063 do redis.call('XADD', string.format('t:{%02d}:facts', i % 64), '*', "
        "'kind', 'new', 'project', i % 64, 'issue', i, 'title', 'T', 'level', 'error', 'n', 1) end "
        "return 1");
    cr_assert_eq(redis_number(reply), 1);
    freeReplyObject(reply);
    int64_t before_us = clock_monotonic_us();

    cr_expect(world_wait(&f->stats.alerts_fired, 3000));

    fprintf(stderr, "3000 facts: %lld ms\n",
            (long long)((clock_monotonic_us() - before_us) / 1000));
    cr_expect_eq(f->stats.facts_read, 3000);
    end(f);
}
