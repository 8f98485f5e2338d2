/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/feed.h"
#include "tests/unit/alerting/stage.h"

#define ISSUE_RULE(name, action)                                                                   \
    "title: " name "\nname: " name "\nlogsource: {product: tocsin, category: issue}\n"             \
    "detection: {sel: {event.action: " action "}, condition: sel}\n---\n"

/* Behind others. */
#define ISSUE_RULE_LAST(name, action)                                                              \
    "---\ntitle: " name "\nname: " name "\nlogsource: {product: tocsin, category: issue}\n"        \
    "detection: {sel: {event.action: " action "}, condition: sel}\n"

/* Three new issues of one project in five minutes. */
#define BURST                                                                                      \
    ISSUE_RULE("fresh", "new")                                                                     \
    "title: burst\nname: burst\nlevel: high\ncorrelation: {type: event_count, rules: fresh, "      \
    "group-by: [project.id], timespan: 5m, condition: {gte: 3}}\n"

/* One node: its beliefs, and where it stands in the facts of partition 7. */
struct feeding {
    struct stage stage;
    struct windows *windows;
};

static void begin(struct feeding *f, const char *yaml)
{
    struct problems problems;
    const struct rules_source source = {SLICE("t.yml"), slice_str(yaml)};
    stage_begin(&f->stage, "{}");
    rules_scratch_free(f->stage.beliefs.rules_scratch);
    ruleset_free(f->stage.world.rules);
    problems_init(&problems, &f->stage.world.arena);
    f->stage.world.rules = ruleset_new(&source, 1, &problems);
    cr_assert_eq(problems.errors, 0, "%.*s",
                 SLICE_ARG(problems.first != NULL ? problems.first->message : SLICE("")));
    f->stage.beliefs.rules = f->stage.world.rules;
    f->stage.beliefs.rules_scratch = rules_scratch_new(f->stage.world.rules);
    f->windows = windows_new();
}

static void end(struct feeding *f)
{
    windows_free(f->windows);
    stage_end(&f->stage);
}

/* Decides about all facts from `from` on and sends what they hit, without moving any cursor. */
static void send_from(struct feeding *f, const char *from)
{
    redisReply *reply = redis_command(f->stage.world.redis, "XRANGE t:{07}:facts %s +", from);
    struct step step = stage_step(&f->stage);
    const struct feed_target target = {.redis = f->stage.world.redis,
                                       .windows = f->windows,
                                       .partition = STAGE_PARTITION,
                                       .settled_ms = f->stage.now_us / 1000};
    cr_assert(step_facts(&step, reply->element, (uint32_t)reply->elements));
    cr_assert(feed_send(&step.feed, &target), "%s", redis_error(f->stage.world.redis));
    freeReplyObject(reply);
}

/* Detections in all partitions. */
static uint32_t detections(struct feeding *f)
{
    uint32_t count = 0;
    for (unsigned i = 0; i < PARTITION_COUNT; i++) {
        redisReply *reply =
            redis_command(f->stage.world.redis, "XRANGE t:{%s%u}:facts - +", i < 10 ? "0" : "", i);
        for (size_t k = 0; k < reply->elements; k++) {
            struct fact fact;
            count += fact_read(reply->element[k], &fact) && fact.kind == FACT_DETECTION;
        }
        freeReplyObject(reply);
    }
    return count;
}

Test(feed, three_new_issues_fire_once_and_two_do_not)
{
    struct feeding f;
    begin(&f, BURST);

    stage_fact(&f.stage, "new", 7, "");
    stage_fact(&f.stage, "new", 71, "");
    stage_fact(&f.stage, "regressed", 135, "");
    send_from(&f, "-");
    cr_expect_eq(detections(&f), 0);
    stage_fact(&f.stage, "new", 199, "");
    send_from(&f, "-");

    cr_expect_eq(detections(&f), 1);
    end(&f);
}

Test(feed, a_fact_that_is_sent_again_counts_once)
{
    struct feeding f;
    begin(&f, BURST);

    stage_fact(&f.stage, "new", 7, "");
    stage_fact(&f.stage, "new", 71, "");
    for (unsigned i = 0; i < 5; i++) {
        send_from(&f, "-");
    }

    cr_expect_eq(detections(&f), 0);
    end(&f);
}

Test(feed, a_refused_fact_changes_nothing_even_under_another_name)
{
    struct feeding f;
    begin(&f, BURST);
    stage_fact(&f.stage, "new", 7, "");
    send_from(&f, "-");
    redisReply *fed = redis_command(f.stage.world.redis, "KEYS t:*:fed");
    cr_assert_eq(fed->elements, 1);
    redisReply *entry = redis_command(f.stage.world.redis, "HGET %s 07", fed->element[0]->str);
    cr_expect(entry->type == REDIS_REPLY_STRING);

    freeReplyObject(
        redis_command(f.stage.world.redis, "HSET %s 07 99999999999999-5", fed->element[0]->str));
    stage_fact(&f.stage, "new", 71, "");
    stage_fact(&f.stage, "new", 135, "");
    send_from(&f, "-");

    cr_expect_eq(detections(&f), 0, "what was taken up to there is not taken again");
    freeReplyObject(entry);
    freeReplyObject(fed);
    end(&f);
}

Test(feed, what_people_do_feeds_the_rules_that_ask_for_it)
{
    static const char *const yaml = ISSUE_RULE(
        "closed", "resolved") "title: any\nname: any\nlogsource: {product: tocsin, "
                              "category: issue}\ndetection: {sel: {project.id: 7}, "
                              "condition: sel}\n---\n"
                              "title: spree\nname: spree\ncorrelation: {type: "
                              "event_count, rules: closed, timespan: 5m, condition: "
                              "{gte: 2}}\n---\n"
                              "title: much\nname: much\ncorrelation: {type: event_count, "
                              "rules: any, timespan: 5m, condition: {gte: 2}}\n";
    struct feeding f;
    begin(&f, yaml);

    stage_fact(&f.stage, "resolved", 7, "");
    stage_fact(&f.stage, "resolved", 71, "");
    send_from(&f, "-");

    cr_expect_eq(detections(&f), 1, "a rule that asks nothing of it is not about people's deeds");
    end(&f);
}

Test(feed, a_broken_link_is_told_and_sending_again_is_right)
{
    struct feeding f;
    begin(&f, BURST);
    stage_fact(&f.stage, "new", 7, "");
    stage_fact(&f.stage, "new", 71, "");
    redisReply *reply = redis_command(f.stage.world.redis, "XRANGE t:{07}:facts - +");
    struct step step = stage_step(&f.stage);
    const struct feed_target target = {
        .redis = f.stage.world.redis, .windows = f.windows, .partition = STAGE_PARTITION};
    cr_assert(step_facts(&step, reply->element, (uint32_t)reply->elements));

    freeReplyObject(redis_command(f.stage.world.redis, "FUNCTION FLUSH"));
    cr_expect(!feed_send(&step.feed, &target));
    cr_expect_eq(windows_count(f.windows), 0);
    redis_disconnect(f.stage.world.redis);
    world_connect(&f.stage.world);
    cr_expect(feed_send(&step.feed, &target), "%s", redis_error(f.stage.world.redis));

    stage_fact(&f.stage, "new", 135, "");
    send_from(&f, "-");
    cr_expect_eq(detections(&f), 1);
    freeReplyObject(reply);
    end(&f);
}

Test(feed, matches_that_begin_no_alert_are_suppressed)
{
    struct feeding f;
    begin(&f, BURST ISSUE_RULE_LAST("alone", "new"));
    struct rule_fates *fates = rule_fates_new(f.stage.world.rules);
    f.stage.beliefs.fates = fates;

    stage_fact(&f.stage, "new", 7, "");
    stage_fact(&f.stage, "new", 71, "");
    stage_fact(&f.stage, "new", 7, "");
    stage_fact(&f.stage, "detection", 135, "other");
    stage_fact(&f.stage, "detection", 135, "fresh");
    stage_take(&f.stage, 10);

    uint32_t fresh = rule_fates_find(fates, SLICE("fresh"));
    uint32_t alone = rule_fates_find(fates, SLICE("alone"));
    cr_expect_eq(rule_fates_get(fates, fresh, RULE_FIRED), 0);
    cr_expect_eq(rule_fates_get(fates, fresh, RULE_SUPPRESSED), 3 + 2, "it only feeds");
    cr_expect_eq(rule_fates_get(fates, alone, RULE_FIRED), 2);
    cr_expect_eq(rule_fates_get(fates, alone, RULE_SUPPRESSED), 1, "its alert fires already");
    rule_fates_free(fates);
    end(&f);
}
