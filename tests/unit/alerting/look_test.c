/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/look.h"
#include "tests/unit/alerting/world.h"

static void run(struct world *world, const char *command)
{
    redisReply *reply = redis_command(world->redis, command);
    cr_assert(reply != NULL && reply->type != REDIS_REPLY_ERROR, "%s", command);
    freeReplyObject(reply);
}

static struct places *look_everywhere(struct world *world)
{
    struct places *places = ARENA_NEW(&world->arena, struct places);
    cr_assert(look_at(world->redis, places, UINT64_MAX), "%s", redis_error(world->redis));
    return places;
}

static bool look_for(struct world *world, const struct places *places, uint32_t most,
                     uint32_t wait_ms, redisReply **out)
{
    const struct look_terms terms = {UINT64_MAX, most, wait_ms};
    return look_for_facts(world->redis, places, &terms, out);
}

Test(look, an_empty_redis_is_at_the_beginning)
{
    struct world world;
    world_begin_alone(&world);

    const struct places *places = look_everywhere(&world);

    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        cr_expect_str_eq(places->items[i].cursor, "0-0");
        cr_expect_eq(places->items[i].version, 0);
        cr_expect_eq(places->items[i].due_us, 0);
        cr_expect_eq(places->items[i].firing, 0);
    }
    world_end(&world);
}

Test(look, reads_only_the_partitions_it_is_asked_for)
{
    struct world world;
    world_begin_alone(&world);
    struct places *places = look_everywhere(&world);
    run(&world, "HSET t:{07}:facts_read cursor 1700000000123-4 version 9");
    run(&world, "ZADD t:{07}:due 1700000000500 g:x 1700000000600 a:y");
    run(&world, "ZADD t:{07}:alerts 1 x 2 y");
    run(&world, "HSET t:{63}:facts_read cursor 5-5 version 1");

    cr_assert(look_at(world.redis, places, UINT64_C(1) << 7));

    cr_expect_str_eq(places->items[7].cursor, "1700000000123-4");
    cr_expect_eq(places->items[7].version, 9);
    cr_expect_eq(places->items[7].due_us, INT64_C(1700000000500000));
    cr_expect_eq(places->items[7].firing, 2);
    cr_expect_str_eq(places->items[63].cursor, "0-0");
    world_end(&world);
}

Test(look, a_cursor_that_redis_would_refuse_starts_over)
{
    static const char *const wrong[] = {"x",
                                        "5",
                                        "-5",
                                        "5-",
                                        "1-2-3",
                                        "1 2",
                                        "111111111111111111111111-22222222222222222222222222"};
    struct world world;
    world_begin_alone(&world);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        freeReplyObject(redis_command(world.redis, "HSET t:{00}:facts_read cursor %s", wrong[i]));
        cr_expect_str_eq(look_everywhere(&world)->items[0].cursor, "0-0", "%s", wrong[i]);
    }
    world_end(&world);
}

Test(look, a_timer_of_the_past_is_due_whatever_its_number)
{
    struct world world;
    world_begin_alone(&world);
    run(&world, "ZADD t:{00}:due -5 g:x");
    run(&world, "ZADD t:{01}:due 9e18 g:x");

    const struct places *places = look_everywhere(&world);

    cr_expect_eq(places->items[0].due_us, 1);
    cr_expect_neq(places->items[1].due_us, 0);
    world_end(&world);
}

Test(look, facts_behind_the_cursor_come_by_partition)
{
    struct world world;
    redisReply *reply = NULL;
    uint32_t counts[PARTITION_COUNT] = {0};
    world_begin_alone(&world);
    run(&world, "XADD t:{07}:facts 5-0 kind new");
    run(&world, "XADD t:{07}:facts 6-0 kind new");
    run(&world, "XADD t:{07}:facts 7-0 kind new");
    run(&world, "XADD t:{09}:facts 5-0 kind new");
    run(&world, "HSET t:{07}:facts_read cursor 5-0");

    cr_assert(look_for(&world, look_everywhere(&world), 256, 0, &reply));

    cr_assert_not_null(reply);
    for (size_t i = 0; i < reply->elements; i++) {
        struct facts facts;
        cr_assert(look_facts(reply, i, &facts));
        counts[facts.partition] = facts.count;
    }
    cr_expect_eq(counts[7], 2);
    cr_expect_eq(counts[9], 1);
    freeReplyObject(reply);

    cr_assert(look_for(&world, look_everywhere(&world), 1, 0, &reply));
    struct facts facts;
    cr_assert(reply != NULL && look_facts(reply, 0, &facts));
    cr_expect_eq(facts.count, 1, "no more than asked for");
    freeReplyObject(reply);
    world_end(&world);
}

Test(look, asks_only_the_partitions_it_is_told_to)
{
    struct world world;
    redisReply *reply = NULL;
    struct facts facts;
    const struct look_terms terms = {.partitions = UINT64_C(1) << 9 | UINT64_C(1) << 63, .most = 9};
    world_begin_alone(&world);
    run(&world, "XADD t:{07}:facts 5-0 kind new");
    run(&world, "XADD t:{09}:facts 5-0 kind new");

    cr_assert(look_for_facts(world.redis, look_everywhere(&world), &terms, &reply));

    cr_assert(reply != NULL && reply->elements == 1);
    cr_expect(look_facts(reply, 0, &facts) && facts.partition == 9);
    freeReplyObject(reply);
    world_end(&world);
}

Test(look, waits_for_facts_no_longer_than_it_was_told)
{
    struct world world;
    redisReply *reply = NULL;
    world_begin_alone(&world);
    const struct places *places = look_everywhere(&world);
    int64_t before_us = clock_monotonic_us();

    cr_assert(look_for(&world, places, 1, 0, &reply));
    cr_expect_null(reply);
    cr_expect_lt(clock_monotonic_us() - before_us, 1000000, "0 does not mean for ever");
    cr_assert(look_for(&world, places, 1, 50, &reply));
    cr_expect_null(reply);
    cr_expect_geq(clock_monotonic_us() - before_us, 50000);
    world_end(&world);
}

Test(look, says_when_redis_refuses_or_is_away)
{
    struct world world;
    redisReply *reply = NULL;
    world_begin_alone(&world);
    struct places *places = look_everywhere(&world);
    run(&world, "SET t:{05}:facts x");
    cr_expect_not(look_for(&world, places, 1, 0, &reply));
    cr_expect_null(reply);
    run(&world, "SET t:{05}:due x");
    cr_expect_not(look_at(world.redis, places, UINT64_C(1) << 5));
    cr_expect(strstr(redis_error(world.redis), "WRONGTYPE") != NULL);

    redis_server_kill(&world.server);
    cr_expect_not(look_at(world.redis, places, 1));
    cr_expect_not(look_for(&world, places, 1, 0, &reply));
    world_end(&world);
}
