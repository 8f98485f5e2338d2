/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/step.h"
#include "tests/unit/alerting/stage.h"

#define SECOND INT64_C(1000000)

#define CONFIG(settings)                                                                           \
    "route: {receiver: team, " settings "}\n"                                                      \
    "receivers: [{name: team, webhook_configs: [{url: 'http://h/'}]}]\n"

#define EACH CONFIG("group_by: [issue], group_wait: 0s, group_interval: 1m, repeat_interval: 1h")
#define ALL  CONFIG("group_by: [project], group_wait: 10s, group_interval: 1m, repeat_interval: 1h")

Test(step, a_new_issue_fires_and_is_told)
{
    struct stage stage;
    stage_begin(&stage, EACH);

    stage_fact(&stage, "new", 7, "");
    stage_take(&stage, 10);

    cr_expect_str_eq(stage.trace, "first notification firing 1\n");
    cr_expect_eq(stage.counts.fired, 1);
    cr_expect_eq(world_number(&stage.world, "ZCARD t:{07}:alerts"), 1);
    stage_end(&stage);
}

Test(step, a_detection_fires_whether_or_not_its_rule_is_loaded_here)
{
    struct stage stage;
    stage_begin(&stage, EACH);
    stage.beliefs.rules = NULL;

    stage_fact(&stage, "detection", 7, "rule-of-another-node");
    stage_fact(&stage, "new", 71, "");
    stage_take(&stage, 10);

    cr_expect_eq(stage.counts.fired, 1, "an issue fires only by a rule");
    cr_expect_str_eq(stage.trace, "first notification firing 1\n");
    stage_end(&stage);
}

Test(step, a_quiet_detection_resolves_by_itself_and_an_issue_does_not)
{
    struct stage stage;
    stage_begin(&stage, EACH);

    stage_fact(&stage, "detection", 7, "r");
    stage_fact(&stage, "new", 71, "");
    stage_take(&stage, 10);
    stage_advance(&stage, STAGE_START_US + RESOLVE_AFTER_US - SECOND);
    cr_expect_eq(stage.counts.resolved, 0);
    stage_advance(&stage, STAGE_START_US + 100 * RESOLVE_AFTER_US);

    cr_expect_eq(stage.counts.resolved, 1);
    cr_expect_str_eq(stage.trace, "first notification firing 1\nfirst notification firing 1\n"
                                  "all alerts resolved resolved 1\n");
    stage_end(&stage);
}

Test(step, a_group_waits_for_others_and_is_told_once)
{
    struct stage stage;
    stage_begin(&stage, ALL);

    stage_fact(&stage, "new", 7, "");
    stage_take(&stage, 10);
    stage_advance(&stage, STAGE_START_US + 5 * SECOND);
    stage_fact(&stage, "new", 71, "");
    stage_take(&stage, 10);
    cr_expect_str_eq(stage.trace, "");
    stage_advance(&stage, STAGE_START_US + 10 * SECOND);
    cr_expect_str_eq(stage.trace, "first notification firing 2\n");

    stage_fact(&stage, "new", 135, "");
    stage_take(&stage, 10);
    stage_advance(&stage, STAGE_START_US + 3000 * SECOND);
    cr_expect_str_eq(stage.trace, "first notification firing 2\nnew alerts added firing 3\n");
    stage_end(&stage);
}

Test(step, an_issue_over_before_its_group_was_told_is_told_to_nobody)
{
    struct stage stage;
    stage_begin(&stage, ALL);

    stage_fact(&stage, "new", 7, "");
    stage_fact(&stage, "resolved", 7, "");
    stage_take(&stage, 10);
    stage_advance(&stage, STAGE_START_US + 3600 * SECOND);

    cr_expect_str_eq(stage.trace, "");
    cr_expect_eq(stage.counts.fired, 1);
    cr_expect_eq(stage.counts.resolved, 1);
    cr_expect_eq(world_number(&stage.world, "ZCARD t:{07}:due"), 0);
    stage_end(&stage);
}

Test(step, resolving_an_issue_ends_all_its_alerts_and_no_others)
{
    struct stage stage;
    stage_begin(&stage, CONFIG("group_by: ['...'], group_wait: 0s"));

    stage_fact(&stage, "new", 7, "");
    stage_fact(&stage, "detection", 7, "r1");
    stage_fact(&stage, "detection", 7, "r2");
    stage_fact(&stage, "new", 71, "");
    stage_take(&stage, 1);
    stage_fact(&stage, "resolved", 7, "");
    stage_take(&stage, 1);

    cr_expect_eq(stage.counts.fired, 4);
    cr_expect_eq(stage.counts.resolved, 3);
    cr_expect_eq(world_number(&stage.world, "ZCARD t:{07}:alerts"), 1);
    stage_end(&stage);
}

Test(step, what_is_no_fact_is_counted_and_stepped_over)
{
    struct stage stage;
    stage_begin(&stage, EACH);

    freeReplyObject(redis_command(stage.world.redis, "XADD t:{07}:facts * hello world"));
    stage_fact(&stage, "exploded", 7, "");
    stage_fact(&stage, "new", 7, "");
    stage_take(&stage, 10);

    cr_expect_eq(stage.counts.facts, 3);
    cr_expect_eq(stage.counts.malformed, 2);
    cr_expect_eq(stage.counts.fired, 1);
    stage_end(&stage);
}

Test(step, timers_that_stand_for_nothing_are_forgotten)
{
    struct stage stage;
    stage_begin(&stage, EACH);
    freeReplyObject(
        redis_command(stage.world.redis,
                      "ZADD t:{07}:due 1700000001000 x 1700000001000 a:%s 1700000001000 g:%s "
                      "1700000001000 g:short",
                      "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"));

    stage_advance(&stage, STAGE_START_US + 10 * SECOND);

    cr_expect_eq(world_number(&stage.world, "ZCARD t:{07}:due"), 0);
    stage_end(&stage);
}

Test(step, says_when_the_arena_is_full_and_nothing_was_decided)
{
    struct stage stage;
    struct arena small;
    char memory[2048];
    stage_begin(&stage, EACH);
    stage_fact(&stage, "new", 7, "");
    redisReply *reply = redis_command(stage.world.redis, "XRANGE t:{07}:facts - +");
    struct step step = stage_step(&stage);
    arena_over(&small, memory, sizeof(memory));
    stage.board.arena = &small;

    cr_expect_not(step_facts(&step, reply->element, 1));

    cr_expect(small.exhausted);
    freeReplyObject(reply);
    stage_end(&stage);
}

/* A story of facts and pauses, the same for the same seed. */
static void play(struct stage *stage, uint64_t seed, uint32_t most)
{
    static const char *const kinds[] = {"new",      "regressed", "detection", "detection",
                                        "resolved", "ignored",   "unresolved"};
    uint64_t dice = seed * 2654435761u + 1;
    stage_again(stage);
    for (uint32_t moment = 0; moment < 12; moment++) {
        for (uint32_t i = 0; i < 4; i++) {
            dice = dice * 6364136223846793005u + 1442695040888963407u;
            unsigned issue = 7 + 64 * (unsigned)(dice >> 60 & 1);
            stage_fact(stage, kinds[(dice >> 40) % 7], issue, dice >> 50 & 1 ? "r1" : "r2");
        }
        stage_take(stage, most);
        stage_advance(stage, stage->now_us + (int64_t)((dice >> 33) % 100) * SECOND);
    }
}

Test(step, it_makes_no_difference_how_facts_were_batched)
{
    static const char *const configs[] = {
        EACH, ALL, CONFIG("group_by: ['...'], group_wait: 0s, group_interval: 30s"),
        CONFIG("group_by: [project], group_wait: 0s, group_interval: 1s, repeat_interval: 1m")};
    char single[sizeof(((struct stage *)NULL)->trace)];
    for (size_t i = 0; i < sizeof(configs) / sizeof(configs[0]); i++) {
        struct stage stage;
        stage_begin(&stage, configs[i]);
        for (uint64_t seed = 1; seed <= 4; seed++) {
            play(&stage, seed, 1);
            struct step_counts counts = stage.counts;
            memcpy(single, stage.trace, sizeof(single));
            cr_assert_gt(stage.trace_bytes, 0);

            play(&stage, seed, FACTS_PER_STEP_MAX);

            cr_assert_str_eq(stage.trace, single, "config %zu, seed %llu", i,
                             (unsigned long long)seed);
            cr_expect_eq(memcmp(&counts, &stage.counts, sizeof(counts)), 0);
        }
        stage_end(&stage);
    }
}
