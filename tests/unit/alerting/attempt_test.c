/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/attempt.h"
#include "tests/unit/alerting/notices.h"

#define P 7u

/* Claims what is due for "n1" and remembers it; gives the newest. */
static struct attempt *claim(struct world *world, struct attempts *attempts)
{
    struct outbox_claims claims = {.count = 0};
    const struct outbox_terms terms = {.owner = "n1",
                                       .now_us = clock_wall_us() + 1000,
                                       .lease_ms = 40000,
                                       .room = DELIVERIES_MAX,
                                       .lane_room = DELIVERIES_PER_LANE_MAX};
    cr_assert(outbox_claim(world->redis, P, &terms, &world->arena, &claims));
    for (uint32_t i = 0; i < claims.count; i++) {
        cr_assert_not_null(attempts_add(attempts, &claims.items[i]));
    }
    cr_assert_gt(claims.count, 0);
    return attempts->first;
}

static void finish(struct attempt *attempt, enum delivery_step_kind kind, const char *error)
{
    const struct delivery_step step = {
        .kind = kind, .at_us = clock_wall_us() + 60000000, .why = "because"};
    attempt_over(attempt, &step, error);
}

Test(attempt, is_remembered_with_its_own_copies)
{
    struct attempts attempts = {.first = NULL};
    char id[] = "ntf_x";
    char lane[] = "team/webhook/0";
    const struct outbox_claim claim = {
        .place = {P, slice_str(lane), slice_str(id)}, .attempts = 3, .created_us = 5};

    struct attempt *attempt = attempts_add(&attempts, &claim);
    memset(id, '!', sizeof(id) - 1);
    memset(lane, '!', sizeof(lane) - 1);

    cr_assert_not_null(attempt);
    cr_expect(slice_eq(attempt->id, SLICE("ntf_x")));
    cr_expect(slice_eq(attempt->lane->name, SLICE("team/webhook/0")));
    cr_expect(attempt->attempts == 3 && attempt->created_us == 5 && attempt->partition == P);
    cr_expect_eq(attempt->lane->under_way, 1);
    cr_expect_eq(attempts.count, 1);
    cr_expect_eq(attempts.in_partition[P], 1);
    attempts_done(&attempts);
    cr_expect_eq(attempts.count, 0);
}

Test(attempt, redis_is_told_of_each_end_and_the_lane_is_free_again)
{
    const struct {
        enum delivery_step_kind kind;
        const char *state;
    } cases[] = {{STEP_DELIVERED, "delivered"},
                 {STEP_RETRY, "waiting"},
                 {STEP_DEAD, "dead"},
                 {STEP_DEAD_AND_CLOSE, "dead"}};
    struct world world;
    struct attempts attempts = {.first = NULL};
    world_begin_alone(&world);
    for (unsigned i = 0; i < 4; i++) {
        uint64_t partitions = 0;
        notice_queue(&world, P, NOTICES_LANE, i + 1, 0);
        struct attempt *attempt = claim(&world, &attempts);
        finish(attempt, cases[i].kind, "in other words");

        cr_assert(attempts_tell(&attempts, world.redis, "n1", clock_wall_us(), &partitions));

        cr_expect_eq(partitions, UINT64_C(1) << P);
        cr_expect(notice_is(&world, P, i + 1, "state", cases[i].state));
        cr_expect(notice_is(&world, P, i + 1, "why", "because: in other words"));
        cr_expect_eq(attempts.count, 0);
        cr_expect_eq(lanes_get(&attempts.lanes, SLICE(NOTICES_LANE))->under_way, 0);
    }
    attempts_done(&attempts);
    world_end(&world);
}

Test(attempt, what_is_under_way_is_not_told_of)
{
    struct world world;
    struct attempts attempts = {.first = NULL};
    uint64_t partitions = 0;
    world_begin_alone(&world);
    notice_queue(&world, P, NOTICES_LANE, 1, 0);
    notice_queue(&world, P, NOTICES_LANE, 2, 0);
    finish(claim(&world, &attempts)->next, STEP_DELIVERED, "");

    cr_assert(attempts_tell(&attempts, world.redis, "n1", clock_wall_us(), &partitions));

    cr_expect_eq(attempts.count, 1);
    cr_expect_not(attempts.first->is_over);
    cr_expect_eq(attempts.in_partition[P], 1);
    attempts_done(&attempts);
    world_end(&world);
}

Test(attempt, a_full_lane_that_has_room_again_has_opened)
{
    struct world world;
    struct attempts attempts = {.first = NULL};
    uint64_t partitions = 0;
    world_begin_alone(&world);
    for (unsigned i = 1; i <= DELIVERIES_PER_LANE_MAX; i++) {
        notice_queue(&world, P, NOTICES_LANE, i, 0);
    }
    finish(claim(&world, &attempts), STEP_DELIVERED, "");
    cr_expect_not(lanes_opened(&attempts.lanes, DELIVERIES_PER_LANE_MAX));

    cr_assert(attempts_tell(&attempts, world.redis, "n1", clock_wall_us(), &partitions));

    cr_expect(lanes_opened(&attempts.lanes, DELIVERIES_PER_LANE_MAX));
    attempts_done(&attempts);
    world_end(&world);
}

Test(attempt, with_redis_away_what_came_of_it_is_remembered)
{
    struct world world;
    struct attempts attempts = {.first = NULL};
    uint64_t partitions = 0;
    world_begin_alone(&world);
    notice_queue(&world, P, NOTICES_LANE, 1, 0);
    finish(claim(&world, &attempts), STEP_DELIVERED, "");
    redis_disconnect(world.redis);

    cr_expect_not(attempts_tell(&attempts, world.redis, "n1", clock_wall_us(), &partitions));
    cr_expect_eq(attempts.count, 1);
    cr_expect_eq(partitions, 0);
    world_connect(&world);
    cr_expect(attempts_tell(&attempts, world.redis, "n1", clock_wall_us(), &partitions));

    cr_expect(notice_is(&world, P, 1, "state", "delivered"));
    attempts_done(&attempts);
    world_end(&world);
}
