/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/board.h"
#include "tests/unit/alerting/world.h"

#define KEY_A SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
#define KEY_B SLICE("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb")
#define GROUP SLICE("00000000000000000000000000000001")

static void run(struct world *world, const char *command)
{
    redisReply *reply = redis_command(world->redis, command);
    cr_assert(reply != NULL && reply->type != REDIS_REPLY_ERROR, "%s", command);
    freeReplyObject(reply);
}

static struct board *begin(struct world *world)
{
    world_begin_alone(world);
    struct board *board = ARENA_NEW(&world->arena, struct board);
    board->arena = &world->arena;
    board->redis = world->redis;
    board_init(board, 7, clock_wall_us());
    return board;
}

Test(board, the_same_key_is_the_same_entry)
{
    struct world world;
    struct board *board = begin(&world);

    struct board_alert *alert = board_want_alert(board, KEY_A);
    struct board_group *group = board_want_group(board, GROUP);

    cr_assert(alert != NULL && group != NULL);
    cr_expect_eq(board_want_alert(board, KEY_A), alert);
    cr_expect_neq(board_want_alert(board, KEY_B), alert);
    cr_expect_eq(board_want_group(board, GROUP), group);
    cr_expect_eq(board->alerts, alert, "in the order they were wanted");
    world_end(&world);
}

Test(board, what_redis_does_not_have_is_loaded_as_nothing_known)
{
    struct world world;
    struct board *board = begin(&world);
    struct board_alert *alert = board_want_alert(board, KEY_A);
    struct board_group *group = board_want_group(board, GROUP);

    cr_assert(board_load(board));

    cr_expect(alert->is_loaded && group->is_loaded);
    cr_expect_eq(alert->alert.state, ALERT_NONE);
    cr_expect_eq(group->stored.group.count, 0);
    cr_expect_eq(group->stored.key.len, 0);
    world_end(&world);
}

Test(board, loading_a_group_loads_its_members)
{
    struct world world;
    struct board *board = begin(&world);
    run(&world, "HSET t:{07}:alert:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa state firing period 2 issue 7");
    run(&world, "HSET t:{07}:group:00000000000000000000000000000001 key k lane l opened 5 members "
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:2");
    struct board_group *group = board_want_group(board, GROUP);

    cr_assert(board_load(board));

    cr_assert_eq(group->stored.group.count, 1);
    const struct group_member *member = &group->stored.group.members[0];
    cr_expect_eq(member->alert, &board_want_alert(board, KEY_A)->alert);
    cr_expect_eq(member->alert->state, ALERT_FIRING);
    cr_expect_eq(member->told_period, 2);
    world_end(&world);
}

Test(board, what_was_told_of_a_forgotten_alert_is_forgotten_too)
{
    struct world world;
    struct board *board = begin(&world);
    run(&world, "HSET t:{07}:group:00000000000000000000000000000001 key k lane l opened 5 members "
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:9");
    struct board_group *group = board_want_group(board, GROUP);

    cr_assert(board_load(board));

    cr_assert_eq(group->stored.group.count, 1);
    cr_expect_eq(group->stored.group.members[0].told_period, 0);
    cr_expect_eq(group->stored.group.members[0].alert->period, 0);
    world_end(&world);
}

Test(board, loads_only_what_is_not_loaded_yet)
{
    struct world world;
    struct board *board = begin(&world);
    struct board_alert *first = board_want_alert(board, KEY_A);
    cr_assert(board_load(board));
    first->alert.events = 99; /* decided meanwhile */
    run(&world, "HSET t:{07}:alert:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb state firing period 1");
    struct board_alert *second = board_want_alert(board, KEY_B);

    cr_assert(board_load(board));

    cr_expect_eq(first->alert.events, 99);
    cr_expect_eq(second->alert.state, ALERT_FIRING);
    world_end(&world);
}

Test(board, tells_the_alerts_of_an_issue_and_the_timers_that_are_due)
{
    struct world world;
    struct board *board = begin(&world);
    struct slice *keys = NULL;
    struct slice due[2];
    uint32_t count = 0;
    run(&world, "SADD t:{07}:i:71:alerts aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    run(&world, "ZADD t:{07}:due 1 a:x 2 g:y 3 g:z 9000000000000 g:later");

    cr_assert(board_issue_alerts(board, SLICE("71"), &keys, &count));
    cr_assert_eq(count, 1);
    cr_expect(slice_eq(keys[0], KEY_A));
    cr_assert(board_issue_alerts(board, SLICE("72"), &keys, &count));
    cr_expect_eq(count, 0);
    cr_assert(board_due(board, due, 2, &count));
    cr_assert_eq(count, 2);
    cr_expect(slice_eq(due[0], SLICE("a:x")) && slice_eq(due[1], SLICE("g:y")));
    world_end(&world);
}

Test(board, a_key_of_the_wrong_kind_breaks_the_load_and_the_link)
{
    struct world world;
    struct board *board = begin(&world);
    run(&world, "SET t:{07}:alert:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa x");
    board_want_alert(board, KEY_A);
    board_want_alert(board, KEY_B);

    cr_expect_not(board_load(board));

    cr_expect_not(redis_is_connected(world.redis), "no reply may be left over");
    world_end(&world);
}

Test(board, says_when_the_arena_is_full)
{
    struct world world;
    struct arena small;
    char memory[512];
    struct board *board = begin(&world);
    arena_over(&small, memory, sizeof(memory));
    board->arena = &small;
    board_init(board, 7, 1);

    bool well = true;
    for (char i = 'a'; i < 'g' && well; i++) {
        char key[ID_HEX_BYTES + 1] = "0123456789abcdef0123456789abcdef";
        key[0] = i;
        well = board_want_alert(board, slice_str(key)) != NULL;
    }

    cr_expect_not(well);
    cr_expect(small.exhausted);
    world_end(&world);
}
