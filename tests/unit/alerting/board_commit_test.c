/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/board.h"
#include "tests/unit/alerting/world.h"

#define KEY   SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
#define GROUP SLICE("00000000000000000000000000000001")

static struct board *begin_board(struct world *world)
{
    struct board *board = ARENA_NEW(&world->arena, struct board);
    board->arena = &world->arena;
    board->redis = world->redis;
    board_init(board, 7, clock_wall_us());
    return board;
}

static struct board_alert *fire(struct board *board)
{
    struct board_alert *alert = board_want_alert(board, KEY);
    cr_assert(alert != NULL && board_load(board));
    alert->alert.state = ALERT_FIRING;
    alert->alert.period++;
    alert->alert.issue = SLICE("71");
    alert->alert.starts_us = board->now_us;
    alert->is_changed = true;
    return alert;
}

static void add_notice(struct board *board, const char *id)
{
    struct board_notice *notice = ARENA_NEW(board->arena, struct board_notice);
    notice->id = slice_str(id);
    notice->lane = SLICE("l");
    notice->fields.items[0] = SLICE("body");
    notice->fields.items[1] = SLICE("{}");
    notice->fields.count = 2;
    *board->notices_end = notice;
    board->notices_end = &notice->next;
}

static bool text_is(struct world *world, const char *command, const char *expected)
{
    redisReply *reply = redis_command(world->redis, command);
    bool is_equal = slice_eq(redis_text(reply), slice_str(expected));
    freeReplyObject(reply);
    return is_equal;
}

Test(board_commit, a_step_is_all_there_or_not_at_all)
{
    struct world world;
    uint64_t version = 0;
    uint64_t stale = 0;
    uint32_t queued = 0;
    world_begin_alone(&world);
    struct board *board = begin_board(&world);
    fire(board)->alert.resolve_us = board->now_us + 5000000;
    add_notice(board, "ntf_1");

    cr_expect_eq(board_commit(board, &version, SLICE("5-0"), &queued), BOARD_DONE);
    cr_expect_eq(version, 1);
    cr_expect_eq(queued, 1);
    cr_expect(text_is(&world, "HGET t:{07}:facts_read cursor", "5-0"));
    cr_expect_eq(world_number(&world, "ZCARD t:{07}:alerts"), 1);
    cr_expect_eq(world_number(&world, "ZCARD t:{07}:due"), 1);
    cr_expect_eq(world_number(&world, "SCARD t:{07}:i:71:alerts"), 1);
    cr_expect_eq(world_number(&world, "ZCARD t:{07}:outbox:l"), 1);

    struct board *late = begin_board(&world);
    fire(late);
    add_notice(late, "ntf_2");
    cr_expect_eq(board_commit(late, &stale, SLICE("9-0"), &queued), BOARD_CONFLICT);
    cr_expect_eq(stale, 1, "it learns the version");
    cr_expect_eq(queued, 0);
    cr_expect(text_is(&world, "HGET t:{07}:facts_read cursor", "5-0"));
    cr_expect_eq(world_number(&world, "ZCARD t:{07}:outbox:l"), 1);
    world_end(&world);
}

Test(board_commit, an_empty_cursor_stays_where_it_is)
{
    struct world world;
    uint64_t version = 0;
    uint32_t queued = 0;
    world_begin_alone(&world);

    cr_expect_eq(board_commit(begin_board(&world), &version, SLICE("5-0"), &queued), BOARD_DONE);
    cr_expect_eq(board_commit(begin_board(&world), &version, SLICE(""), &queued), BOARD_DONE);

    cr_expect_eq(version, 2);
    cr_expect(text_is(&world, "HGET t:{07}:facts_read cursor", "5-0"));
    world_end(&world);
}

Test(board_commit, an_alert_that_is_over_expires_and_fires_no_more)
{
    struct world world;
    uint64_t version = 0;
    uint32_t queued = 0;
    world_begin_alone(&world);
    struct board *board = begin_board(&world);
    fire(board);
    cr_assert_eq(board_commit(board, &version, SLICE(""), &queued), BOARD_DONE);

    board = begin_board(&world);
    struct board_alert *alert = fire(board);
    alert->alert.state = ALERT_RESOLVED;
    cr_assert_eq(board_commit(board, &version, SLICE(""), &queued), BOARD_DONE);
    cr_expect_eq(world_number(&world, "ZCARD t:{07}:alerts"), 0);
    cr_expect_gt(world_number(&world, "PTTL t:{07}:alert:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
                 ALERT_KEPT_MS - 60000);

    board = begin_board(&world);
    alert = fire(board);
    alert->alert.state = ALERT_RESOLVED;
    alert->alert.is_muted = true;
    cr_assert_eq(board_commit(board, &version, SLICE(""), &queued), BOARD_DONE);
    cr_expect_eq(world_number(&world, "PTTL t:{07}:alert:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), -1,
                 "that an issue is ignored is not forgotten");
    world_end(&world);
}

Test(board_commit, a_group_comes_and_goes_with_its_timer)
{
    struct world world;
    uint64_t version = 0;
    uint32_t queued = 0;
    world_begin_alone(&world);
    struct board *board = begin_board(&world);
    struct board_group *group = board_want_group(board, GROUP);
    cr_assert(board_load(board));
    group->stored.key = SLICE("k");
    group->stored.lane = SLICE("l");
    group->due_us = 1500001;
    group->is_changed = true;
    cr_assert_eq(board_commit(board, &version, SLICE(""), &queued), BOARD_DONE);
    cr_expect(text_is(&world, "ZSCORE t:{07}:due g:00000000000000000000000000000001", "1501"),
              "not before its moment");
    cr_expect_eq(world_number(&world, "PTTL t:{07}:group:00000000000000000000000000000001"), -1);

    board = begin_board(&world);
    group = board_want_group(board, GROUP);
    cr_assert(board_load(board));
    group->is_over = true;
    group->is_changed = true;
    group->stored.last = SLICE("ntf_1");
    cr_assert_eq(board_commit(board, &version, SLICE(""), &queued), BOARD_DONE);
    cr_expect_eq(world_number(&world, "ZCARD t:{07}:due"), 0);
    cr_expect_gt(world_number(&world, "PTTL t:{07}:group:00000000000000000000000000000001"), 0,
                 "remembered while its last notice may be on its way");

    board = begin_board(&world);
    group = board_want_group(board, GROUP);
    cr_assert(board_load(board));
    group->is_over = true;
    group->is_changed = true;
    group->stored.last = SLICE("");
    cr_assert_eq(board_commit(board, &version, SLICE(""), &queued), BOARD_DONE);
    cr_expect_eq(world_number(&world, "EXISTS t:{07}:group:00000000000000000000000000000001"), 0);
    world_end(&world);
}

Test(board_commit, a_stale_timer_is_taken_away)
{
    struct world world;
    uint64_t version = 0;
    uint32_t queued = 0;
    world_begin_alone(&world);
    freeReplyObject(redis_command(world.redis, "ZADD t:{07}:due 1 nonsense"));
    struct board *board = begin_board(&world);
    struct board_stale stale = {.member = SLICE("nonsense")};
    board->stale = &stale;

    cr_expect_eq(board_commit(board, &version, SLICE(""), &queued), BOARD_DONE);

    cr_expect_eq(world_number(&world, "ZCARD t:{07}:due"), 0);
    world_end(&world);
}

Test(board_commit, thousands_of_changes_are_one_step)
{
    struct world world;
    uint64_t version = 0;
    uint32_t queued = 0;
    world_begin_alone(&world);
    struct board *board = begin_board(&world);
    for (unsigned i = 0; i < 3000; i++) {
        char key[ID_HEX_BYTES + 1];
        snprintf(key, sizeof(key), "%032u", i);
        struct board_alert *alert = board_want_alert(board, slice_str(key));
        alert->alert.state = ALERT_FIRING;
        alert->alert.issue = SLICE("71");
        alert->is_loaded = true;
        alert->is_changed = true;
    }

    cr_expect_eq(board_commit(board, &version, SLICE("1-0"), &queued), BOARD_DONE);

    cr_expect_eq(world_number(&world, "ZCARD t:{07}:alerts"), 3000);
    world_end(&world);
}

Test(board_commit, a_full_outbox_makes_dead_letters_of_new_notices)
{
    struct world world;
    uint64_t version = 0;
    uint32_t queued = 0;
    world_begin_alone(&world);
    redisReply *reply = redis_command(
        world.redis, "EVAL %s 0",
        "for i = 1, 9999 do redis.call('ZADD', 't:{07}:outbox:l', i, 'x' .. i) end return 1");
    freeReplyObject(reply);
    struct board *board = begin_board(&world);
    add_notice(board, "ntf_1");
    add_notice(board, "ntf_2");

    cr_expect_eq(board_commit(board, &version, SLICE(""), &queued), BOARD_DONE);

    cr_expect_eq(queued, 1, "OUTBOX_NOTICES_MAX fit, one more does not");
    cr_expect_eq(world_number(&world, "ZCARD t:{07}:outbox:l"), OUTBOX_NOTICES_MAX);
    cr_expect_eq(world_number(&world, "ZCARD t:{07}:dead"), 1);
    cr_expect(text_is(&world, "HGET t:{07}:notice:ntf_2 why", "its outbox is full"));
    world_end(&world);
}

Test(board_commit, dead_letters_are_bounded_too)
{
    struct world world;
    uint64_t version = 0;
    uint32_t queued = 0;
    world_begin_alone(&world);
    redisReply *reply =
        redis_command(world.redis, "EVAL %s 0",
                      "for i = 1, 10000 do redis.call('ZADD', 't:{07}:outbox:l', i, 'x' .. i) "
                      "redis.call('ZADD', 't:{07}:dead', i, 'd' .. i) end "
                      "redis.call('HSET', 't:{07}:notice:d1', 'body', 'x') return 1");
    freeReplyObject(reply);
    struct board *board = begin_board(&world);
    add_notice(board, "ntf_1");

    cr_expect_eq(board_commit(board, &version, SLICE(""), &queued), BOARD_DONE);

    cr_expect_eq(world_number(&world, "ZCARD t:{07}:dead"), DEAD_NOTICES_MAX);
    cr_expect_eq(world_number(&world, "EXISTS t:{07}:notice:d1"), 0, "the oldest went");
    world_end(&world);
}

Test(board_commit, says_when_redis_refuses)
{
    struct world world;
    uint64_t version = 0;
    uint32_t queued = 0;
    world_begin_alone(&world);
    freeReplyObject(redis_command(world.redis, "FUNCTION FLUSH"));

    cr_expect_eq(board_commit(begin_board(&world), &version, SLICE(""), &queued), BOARD_BROKEN);

    cr_expect(strstr(redis_error(world.redis), "unction") != NULL, "%s", redis_error(world.redis));
    world_end(&world);
}
