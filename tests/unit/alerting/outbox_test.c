/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/outbox.h"
#include "tests/unit/alerting/notices.h"

#define P 7u

static struct outbox_terms terms_of(const char *owner, int64_t now_us)
{
    return (struct outbox_terms){
        .owner = owner, .now_us = now_us, .lease_ms = 40000, .room = 128, .lane_room = 4};
}

static struct outbox_claims claim(struct world *world, const struct outbox_terms *terms)
{
    struct outbox_claims claims = {.count = 0};
    cr_assert(outbox_claim(world->redis, P, terms, &world->arena, &claims), "%s",
              redis_error(world->redis));
    return claims;
}

static struct outbox_claims claim_as(struct world *world, const char *owner)
{
    struct outbox_terms terms = terms_of(owner, clock_wall_us());
    return claim(world, &terms);
}

Test(outbox, a_claim_is_one_nodes_until_its_lease_ends)
{
    struct world world;
    world_begin_alone(&world);
    notice_queue(&world, P, NOTICES_LANE, 1, 0);

    struct outbox_claims first = claim_as(&world, "n1");
    cr_assert_eq(first.count, 1);
    cr_expect(slice_eq(first.items[0].place.lane, SLICE(NOTICES_LANE)));
    cr_expect(slice_eq(first.items[0].place.id, SLICE("ntf_00000000000000000000000000000001")));
    cr_expect(slice_eq(first.items[0].body, SLICE("{\"notice\":1}")));
    cr_expect_eq(first.items[0].attempts, 1);
    cr_expect_eq(first.items[0].place.partition, P);
    cr_expect_eq(first.depth, 1);
    cr_expect_eq(claim_as(&world, "n2").count, 0);
    cr_expect_gt(claim_as(&world, "n2").due_us, clock_wall_us() + 35000000);

    struct outbox_terms later = terms_of("n2", clock_wall_us() + 41000000);
    struct outbox_claims second = claim(&world, &later);
    cr_assert_eq(second.count, 1);
    cr_expect_eq(second.items[0].attempts, 2);
    world_end(&world);
}

Test(outbox, a_lane_gives_no_more_than_its_room)
{
    struct world world;
    world_begin_alone(&world);
    const struct outbox_lane busy[] = {{SLICE_INIT("busy"), 1}, {SLICE_INIT("closed"), 0}};
    struct outbox_terms terms = terms_of("n1", 0);
    uint32_t of_lane[3] = {0};
    for (unsigned i = 1; i <= 6; i++) {
        notice_queue(&world, P, "busy", i, 0);
        notice_queue(&world, P, "closed", 10 + i, 0);
        notice_queue(&world, P, "idle", 20 + i, 0);
    }
    terms.now_us = clock_wall_us() + 1000;
    terms.lanes = busy;
    terms.lane_count = 2;

    struct outbox_claims claims = claim(&world, &terms);

    for (uint32_t i = 0; i < claims.count; i++) {
        struct slice lane = claims.items[i].place.lane;
        of_lane[slice_eq(lane, SLICE("busy")) ? 0 : slice_eq(lane, SLICE("closed")) ? 1 : 2]++;
    }
    cr_expect_eq(of_lane[0], 1);
    cr_expect_eq(of_lane[1], 0);
    cr_expect_eq(of_lane[2], 4);
    cr_expect_eq(claims.depth, 18);
    terms.room = 1;
    cr_expect_eq(claim(&world, &terms).count, 1, "nor all lanes more than there is in all");
    world_end(&world);
}

Test(outbox, what_is_delivered_is_remembered_and_not_claimed_again)
{
    struct world world;
    world_begin_alone(&world);
    notice_queue(&world, P, NOTICES_LANE, 1, 0);
    struct outbox_claims claims = claim_as(&world, "n1");
    cr_assert_eq(claims.count, 1);

    cr_assert(outbox_done(world.redis, &claims.items[0].place, clock_wall_us(), "delivered"));
    cr_assert(outbox_done(world.redis, &claims.items[0].place, clock_wall_us(), "twice is fine"));

    cr_expect(notice_is(&world, P, 1, "state", "delivered"));
    cr_expect(notice_is(&world, P, 1, "why", "delivered"));
    cr_expect_eq(world_number(&world, "EXISTS t:{07}:lanes"), 0, "the lane is empty");
    cr_expect_gt(world_number(&world, "PTTL t:{07}:notice:ntf_00000000000000000000000000000001"),
                 NOTICE_KEPT_MS - 60000);
    struct outbox_terms later = terms_of("n1", clock_wall_us() + 86400000000);
    cr_expect_eq(claim(&world, &later).count, 0);
    world_end(&world);
}

Test(outbox, what_is_tried_again_is_due_when_it_was_said)
{
    struct world world;
    world_begin_alone(&world);
    notice_queue(&world, P, NOTICES_LANE, 1, 0);
    struct outbox_place place = claim_as(&world, "n1").items[0].place;
    int64_t due_us = clock_wall_us() / 1000 * 1000 + 5000000;

    cr_assert(outbox_again(world.redis, &place, "n2", 1, "not its owner"));
    cr_expect_eq(claim_as(&world, "n2").count, 0, "another's claim stands");
    cr_assert(outbox_again(world.redis, &place, "n1", due_us, "status 503"));

    cr_expect(notice_is(&world, P, 1, "why", "status 503"));
    cr_expect_eq(claim_as(&world, "n1").due_us, due_us);
    struct outbox_terms terms = terms_of("n1", due_us);
    struct outbox_claims claims = claim(&world, &terms);
    cr_assert_eq(claims.count, 1);
    cr_expect_eq(claims.items[0].attempts, 2);
    world_end(&world);
}

Test(outbox, notices_of_one_group_leave_one_after_the_other)
{
    struct world world;
    world_begin_alone(&world);
    notice_queue(&world, P, NOTICES_LANE, 1, 0);
    notice_queue(&world, P, NOTICES_LANE, 2, 1);
    notice_queue(&world, P, NOTICES_LANE, 3, 2);

    struct outbox_claims claims = claim_as(&world, "n1");
    cr_assert_eq(claims.count, 1);
    cr_assert(outbox_dead(world.redis, &claims.items[0].place, clock_wall_us(), "given up"));
    claims = claim_as(&world, "n1");
    cr_assert_eq(claims.count, 1);
    cr_expect(slice_eq(claims.items[0].body, SLICE("{\"notice\":2}")));
    cr_assert(outbox_done(world.redis, &claims.items[0].place, clock_wall_us(), "delivered"));
    claims = claim_as(&world, "n1");

    cr_assert_eq(claims.count, 1);
    cr_expect(slice_eq(claims.items[0].body, SLICE("{\"notice\":3}")));
    cr_expect_eq(claims.depth, 1);
    world_end(&world);
}

Test(outbox, a_dead_letter_is_kept_and_can_be_tried_again_with_its_id)
{
    struct world world;
    bool found = false;
    world_begin_alone(&world);
    notice_queue(&world, P, NOTICES_LANE, 1, 0);
    struct outbox_place place = claim_as(&world, "n1").items[0].place;

    cr_assert(outbox_dead(world.redis, &place, clock_wall_us(), "refused"));
    cr_expect(notice_is(&world, P, 1, "state", "dead"));
    cr_expect_eq(world_number(&world, "ZCARD t:{07}:dead"), 1);
    cr_assert(outbox_replay(world.redis, P, place.id, clock_wall_us(), &found) && found);

    struct outbox_claims claims = claim_as(&world, "n1");
    cr_assert_eq(claims.count, 1);
    cr_expect(slice_eq(claims.items[0].place.id, place.id));
    cr_expect_eq(claims.items[0].attempts, 1, "from the start");
    cr_assert(outbox_replay(world.redis, P, place.id, clock_wall_us(), &found));
    cr_expect_not(found, "it is no dead letter any more");
    world_end(&world);
}

Test(outbox, recover_makes_due_what_this_node_had_claimed_and_nobody_elses)
{
    struct world world;
    world_begin_alone(&world);
    notice_queue(&world, P, NOTICES_LANE, 1, 0);
    cr_assert_eq(claim_as(&world, "n1").count, 1);
    notice_queue(&world, P, NOTICES_LANE, 2, 0);
    cr_assert_eq(claim_as(&world, "n2").count, 1);

    cr_assert(outbox_recover(world.redis, P, "n1", clock_wall_us()));

    struct outbox_claims claims = claim_as(&world, "n1");
    cr_assert_eq(claims.count, 1);
    cr_expect(slice_eq(claims.items[0].body, SLICE("{\"notice\":1}")));
    world_end(&world);
}

Test(outbox, recover_does_not_let_a_waiting_notice_overtake)
{
    struct world world;
    world_begin_alone(&world);
    notice_queue(&world, P, NOTICES_LANE, 1, 0);
    notice_queue(&world, P, NOTICES_LANE, 2, 1);
    cr_assert_eq(claim_as(&world, "n1").count, 1);

    cr_assert(outbox_recover(world.redis, P, "n1", clock_wall_us()));

    struct outbox_claims claims = claim_as(&world, "n1");
    cr_assert_eq(claims.count, 1);
    cr_expect(slice_eq(claims.items[0].body, SLICE("{\"notice\":1}")));
    world_end(&world);
}

Test(outbox, says_when_redis_is_away_or_refuses)
{
    struct world world;
    world_begin_alone(&world);
    const struct outbox_place place = {P, SLICE(NOTICES_LANE), SLICE("ntf_x")};
    freeReplyObject(redis_command(world.redis, "SET t:{07}:outbox:%s x", NOTICES_LANE));

    cr_expect_not(outbox_done(world.redis, &place, 1, ""), "an error is not an answer");
    cr_expect(strstr(redis_error(world.redis), "WRONGTYPE") != NULL, "%s",
              redis_error(world.redis));
    redis_disconnect(world.redis);
    cr_expect_not(outbox_done(world.redis, &place, 1, ""));
    world_end(&world);
}
