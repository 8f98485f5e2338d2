/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/tell.h"
#include "tests/unit/alerting/stage.h"

#define SECOND  INT64_C(1000000)
#define AT_ONCE "group_by: [project], group_wait: 0s, group_interval: 1m"

static int64_t waiting_in(struct stage *stage, const char *lane)
{
    char command[128];
    snprintf(command, sizeof(command), "ZCARD t:{07}:outbox:%s", lane);
    return world_number(&stage->world, command);
}

Test(tell, every_endpoint_of_every_route_that_takes_the_alert_hears_of_it)
{
    struct stage stage;
    stage_begin(&stage,
                "route: {receiver: rest, " AT_ONCE ", routes: [\n"
                "  {matchers: ['severity=\"critical\"'], receiver: pager, continue: true},\n"
                "  {matchers: ['environment=\"prod\"'], receiver: team}]}\n"
                "receivers: [{name: rest, webhook_configs: [{url: 'http://1/'}]},\n"
                "  {name: pager, webhook_configs: [{url: 'http://2/'}, {url: 'http://3/'}]},\n"
                "  {name: team, webhook_configs: [{url: 'http://4/'}]}]\n");

    stage_fact(&stage, "detection", 7, "r");
    stage_take(&stage, 10);

    cr_expect_eq(waiting_in(&stage, "pager/webhook/0"), 1);
    cr_expect_eq(waiting_in(&stage, "pager/webhook/1"), 1);
    cr_expect_eq(waiting_in(&stage, "team/webhook/0"), 1);
    cr_expect_eq(waiting_in(&stage, "rest/webhook/0"), 0);
    cr_expect_eq(stage.counts.notices, 3);
    stage_end(&stage);
}

Test(tell, an_endpoint_that_does_not_want_ends_is_not_told_of_them)
{
    struct stage stage;
    stage_begin(&stage, "route: {receiver: team, " AT_ONCE "}\n"
                        "receivers: [{name: team, webhook_configs: [{url: 'http://1/'},\n"
                        "    {url: 'http://2/', send_resolved: false}]}]\n");

    stage_fact(&stage, "new", 7, "");
    stage_take(&stage, 1);
    stage_advance(&stage, stage.now_us + 120 * SECOND);
    stage_fact(&stage, "resolved", 7, "");
    stage_take(&stage, 1);

    cr_expect_str_eq(stage.trace, "first notification firing 1\nfirst notification firing 1\n"
                                  "all alerts resolved resolved 1\n");
    cr_expect_eq(stage.counts.suppressed, 1);
    cr_expect_eq(waiting_in(&stage, "team/webhook/1"), 1);
    stage_end(&stage);
}

Test(tell, without_a_configuration_nobody_hears_of_anything)
{
    struct stage stage;
    stage_begin(&stage, "{}");
    stage.beliefs.config = NULL;

    stage_fact(&stage, "new", 7, "");
    stage_take(&stage, 1);

    cr_expect_eq(stage.counts.fired, 1);
    cr_expect_eq(stage.counts.notices, 0);
    cr_expect_eq(world_number(&stage.world, "EXISTS t:{07}:lanes"), 0);
    stage_end(&stage);
}

Test(tell, the_next_notice_of_a_group_waits_for_the_one_before)
{
    struct stage stage;
    stage_begin(&stage, "route: {receiver: team, " AT_ONCE "}\n"
                        "receivers: [{name: team, webhook_configs: [{url: 'http://1/'}]}]\n");

    stage_fact(&stage, "new", 7, "");
    stage_fact(&stage, "resolved", 7, "");
    stage_take(&stage, 10);

    cr_expect_str_eq(stage.trace, "first notification firing 1\nall alerts resolved resolved 1\n");
    cr_expect_eq(waiting_in(&stage, "team/webhook/0"), 2);
    cr_expect_eq(world_number(&stage.world, "ZCOUNT t:{07}:outbox:team/webhook/0 -inf 8e15"), 1);
    stage_end(&stage);
}

Test(tell, a_group_that_is_over_begins_anew_with_new_ids_behind_its_old_notices)
{
    struct stage stage;
    stage_begin(&stage, "route: {receiver: team, " AT_ONCE "}\n"
                        "receivers: [{name: team, webhook_configs: [{url: 'http://1/'}]}]\n");

    for (int i = 0; i < 3; i++) {
        stage_fact(&stage, "new", 7, "");
        stage_fact(&stage, "resolved", 7, "");
        stage_take(&stage, 1);
        stage_advance(&stage, stage.now_us + SECOND);
    }

    cr_expect_eq(stage.counts.notices, 6);
    cr_expect_eq(waiting_in(&stage, "team/webhook/0"), 6, "six different ids");
    cr_expect_eq(world_number(&stage.world, "ZCOUNT t:{07}:outbox:team/webhook/0 -inf 8e15"), 1,
                 "one after the other");
    stage_end(&stage);
}

Test(tell, a_group_that_no_route_leads_to_any_more_is_forgotten)
{
    struct stage stage;
    stage_begin(&stage, "route: {receiver: team, group_by: [project], group_wait: 10s}\n"
                        "receivers: [{name: team, webhook_configs: [{url: 'http://1/'}]}]\n");
    struct alerting_config *other = world_config(&stage.world, "{}");
    stage_fact(&stage, "new", 7, "");
    stage_take(&stage, 1);
    cr_expect_eq(world_number(&stage.world, "ZCARD t:{07}:due"), 1);

    stage.beliefs.config = other;
    stage_advance(&stage, stage.now_us + 60 * SECOND);

    cr_expect_eq(world_number(&stage.world, "ZCARD t:{07}:due"), 0);
    cr_expect_str_eq(stage.trace, "");
    alerting_config_unref(other);
    stage_end(&stage);
}

Test(tell, the_notice_has_the_id_the_receiver_and_the_alerts_of_its_group)
{
    struct stage stage;
    stage_begin(&stage, "route: {receiver: team, " AT_ONCE "}\n"
                        "receivers: [{name: team, webhook_configs: [{url: 'http://1/'}]}]\n");
    stage_fact(&stage, "new", 7, "");
    stage_take(&stage, 1);

    redisReply *ids = redis_command(stage.world.redis, "ZRANGE t:{07}:outbox:team/webhook/0 0 -1");
    cr_assert_eq(ids->elements, 1);
    cr_expect_eq(ids->element[0]->len, NOTICE_ID_BYTES);
    redisReply *notice = redis_command(
        stage.world.redis, "HMGET t:{07}:notice:%s lane state attempts created body group",
        ids->element[0]->str);
    cr_expect_str_eq(notice->element[0]->str, "team/webhook/0");
    cr_expect_str_eq(notice->element[1]->str, "waiting");
    cr_expect_str_eq(notice->element[2]->str, "0");
    cr_expect_eq(redis_number(notice->element[3]), STAGE_START_US / 1000);
    cr_expect(strstr(notice->element[4]->str, "\"groupLabels\":{\"project\":\"7\"}") != NULL, "%s",
              notice->element[4]->str);
    cr_expect_str_eq(notice->element[5]->str, "{}:{project=\"7\"}");
    freeReplyObject(notice);
    freeReplyObject(ids);
    stage_end(&stage);
}

Test(tell, a_group_lists_no_more_alerts_than_it_may)
{
    struct stage stage;
    stage_begin(&stage, "route: {receiver: team, group_by: [project], group_wait: 10s}\n"
                        "receivers: [{name: team, webhook_configs: [{url: 'http://1/'}]}]\n");
    for (unsigned i = 0; i < GROUP_ALERTS_MAX + 1; i++) {
        stage_fact(&stage, "new", 7 + 64 * i, "");
    }
    stage_take(&stage, FACTS_PER_STEP_MAX);
    stage_advance(&stage, stage.now_us + 10 * SECOND);

    cr_expect_str_eq(stage.trace, "first notification firing 256\n");
    redisReply *ids = redis_command(stage.world.redis, "ZRANGE t:{07}:outbox:team/webhook/0 0 -1");
    redisReply *body =
        redis_command(stage.world.redis, "HGET t:{07}:notice:%s body", ids->element[0]->str);
    cr_expect(strstr(body->str, "\"truncatedAlerts\":1}") != NULL);
    freeReplyObject(body);
    freeReplyObject(ids);
    stage_end(&stage);
}

/* The only notice's id. */
static void copy_id(struct stage *stage, char out[static NOTICE_ID_BYTES + 1])
{
    redisReply *ids = redis_command(stage->world.redis, "ZRANGE t:{07}:outbox:team/webhook/0 0 -1");
    cr_assert(ids->elements == 1 && ids->element[0]->len == NOTICE_ID_BYTES);
    memcpy(out, ids->element[0]->str, NOTICE_ID_BYTES + 1);
    freeReplyObject(ids);
}

Test(tell, a_redis_that_lost_its_last_second_gives_the_notice_its_old_id)
{
    struct stage stage;
    char ids[3][NOTICE_ID_BYTES + 1];
    stage_begin(&stage, "route: {receiver: team, " AT_ONCE "}\n"
                        "receivers: [{name: team, webhook_configs: [{url: 'http://1/'}]}]\n");
    for (int i = 0; i < 3; i++) {
        stage_again(&stage);
        stage.now_us += i == 2 ? SECOND : 0;
        stage_fact(&stage, "new", 7, "");
        stage.now_us += (1 + i) * SECOND;
        stage_take(&stage, 1);
        copy_id(&stage, ids[i]);
    }

    cr_expect_str_eq(ids[0], ids[1], "the same fact, taken a second later");
    cr_expect_str_neq(ids[0], ids[2], "another event");
    stage_end(&stage);
}
