/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/keys.h"
#include "storage/keys.h"
#include "tests/unit/alerting/stage.h"

Test(keys, a_key_belongs_to_its_row_or_to_none)
{
    const struct {
        const char *key;
        enum alerting_key row;
    } cases[] = {
        {"t:{07}:facts_read", ALERTING_KEY_READ},
        {"t:{07}:alerts", ALERTING_KEY_ALERTS},
        {"t:{07}:alert:abc", ALERTING_KEY_ALERT},
        {"t:{63}:i:71:alerts", ALERTING_KEY_OF_ISSUE},
        {"t:{07}:outbox:team/webhook/0", ALERTING_KEY_OUTBOX},
        {"t:{07}:alert:", ALERTING_KEY_COUNT},
        {"t:{07}:alerts2", ALERTING_KEY_COUNT},
        {"t:{07}:i:alerts", ALERTING_KEY_COUNT},
        {"t:{x7}:alerts", ALERTING_KEY_COUNT},
        {"alerts", ALERTING_KEY_COUNT},
        {"t:{07}:", ALERTING_KEY_COUNT},
        {"", ALERTING_KEY_COUNT},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_eq(alerting_key_find(slice_str(cases[i].key)), cases[i].row, "%s", cases[i].key);
    }
}

static bool is_of_storage(struct slice key)
{
    for (uint32_t i = 0; i < KEY_COUNT; i++) {
        if (key_matches((enum key)i, key)) {
            return true;
        }
    }
    return false;
}

/* Each key in Redis has a row and its type; notes which rows were seen. */
static void check_keys(struct world *world, bool *seen)
{
    redisReply *keys = redis_command(world->redis, "KEYS *");
    cr_assert(keys != NULL && keys->type == REDIS_REPLY_ARRAY);
    for (size_t i = 0; i < keys->elements; i++) {
        struct slice key = redis_text(keys->element[i]);
        enum alerting_key row = alerting_key_find(key);
        cr_expect((row < ALERTING_KEY_COUNT) != is_of_storage(key), "%.*s is of one table",
                  SLICE_ARG(key));
        if (row < ALERTING_KEY_COUNT) {
            redisReply *type = redis_command(world->redis, "TYPE %b", key.at, key.len);
            cr_expect_str_eq(type->str, alerting_key_row(row)->type, "%.*s", SLICE_ARG(key));
            freeReplyObject(type);
            seen[row] = true;
        }
    }
    freeReplyObject(keys);
}

Test(keys, whatever_alerting_writes_has_a_row)
{
    struct stage stage;
    bool seen[ALERTING_KEY_COUNT] = {false};
    stage_begin(&stage, "route: {receiver: team, group_by: [issue], group_wait: 0s}\n"
                        "receivers: [{name: team, webhook_configs: [{url: 'http://1/'}]}]\n");
    stage_fact(&stage, "new", 7, "");
    stage_fact(&stage, "detection", 71, "r");
    stage_take(&stage, 10);
    redisReply *ids =
        redis_command(stage.world.redis, "ZRANGE t:{07}:outbox:%s 0 -1", "team/webhook/0");
    cr_assert_eq(ids->elements, 2);
    redisReply *dead =
        redis_command(stage.world.redis, "FCALL tocsin_outbox_dead 1 t:{07}:lanes %s %s 5 9 why",
                      ids->element[0]->str, "team/webhook/0");
    cr_assert_eq(redis_number(dead), 1);

    check_keys(&stage.world, seen);

    for (uint32_t i = 0; i < ALERTING_KEY_COUNT; i++) {
        cr_expect(seen[i], "nothing wrote %s", alerting_key_row((enum alerting_key)i)->pattern);
    }
    freeReplyObject(dead);
    freeReplyObject(ids);
    stage_end(&stage);
}
