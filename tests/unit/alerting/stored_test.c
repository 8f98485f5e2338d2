/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/stored.h"
#include "ingest/base/limits.h"
#include "tests/unit/alerting/reply.h"

#define KEY SLICE("0123456789abcdef0123456789abcdef")

/* What HGETALL would give after HSET with these fields. */
static redisReply *as_reply(const struct stored_fields *fields, struct arena *arena)
{
    const char *texts[STORED_FIELDS_MAX + 1] = {NULL};
    for (uint32_t i = 0; i < fields->count; i++) {
        texts[i] = arena_str(arena, fields->items[i]);
    }
    return reply_list(texts);
}

static struct labels some_labels(struct arena *arena)
{
    struct labels labels;
    cr_assert(labels_init(&labels, 4, arena));
    cr_assert(labels_set(&labels, SLICE("alertname"), SLICE("a \"quoted\" \xC3\xA9\n")));
    cr_assert(labels_set(&labels, SLICE("issue"), SLICE("67")));
    return labels;
}

static void expect_same_labels(const struct labels *a, const struct labels *b)
{
    cr_assert_eq(a->count, b->count);
    for (uint32_t i = 0; i < a->count; i++) {
        cr_expect(slice_eq(a->items[i].name, b->items[i].name));
        cr_expect(slice_eq(a->items[i].value, b->items[i].value), "%.*s",
                  SLICE_ARG(b->items[i].value));
    }
}

Test(stored, an_alert_comes_back_as_it_was)
{
    struct arena arena;
    struct stored_fields fields;
    struct alert back;
    cr_assert(arena_init(&arena, 16u << 20));
    const struct alert alert = {.key = KEY,
                                .labels = some_labels(&arena),
                                .annotations = some_labels(&arena),
                                .issue = SLICE("67"),
                                .state = ALERT_ACKNOWLEDGED,
                                .is_muted = true,
                                .period = 3,
                                .events = 12345678901,
                                .starts_us = 1700000000000001,
                                .news_us = 1700000000000002,
                                .resolve_us = 1700000000000003};

    cr_assert(stored_write_alert(&alert, &arena, &fields));
    redisReply *reply = as_reply(&fields, &arena);
    cr_assert(stored_read_alert(reply, KEY, &arena, &back));

    cr_expect(slice_eq(back.key, KEY) && slice_eq(back.issue, alert.issue));
    cr_expect_eq(back.state, alert.state);
    cr_expect_eq(back.is_muted, true);
    cr_expect_eq(back.period, 3);
    cr_expect_eq(back.events, alert.events);
    cr_expect_eq(back.starts_us, alert.starts_us);
    cr_expect_eq(back.ends_us, 0);
    cr_expect_eq(back.news_us, alert.news_us);
    cr_expect_eq(back.resolve_us, alert.resolve_us);
    expect_same_labels(&alert.labels, &back.labels);
    expect_same_labels(&alert.annotations, &back.annotations);
    freeReplyObject(reply);
    arena_done(&arena);
}

Test(stored, a_group_comes_back_as_it_was)
{
    struct arena arena;
    struct stored_fields fields;
    struct slice members[GROUP_ALERTS_MAX];
    struct alert alerts[2] = {{.key = KEY}, {.key = SLICE("ffffffffffffffffffffffffffffffff")}};
    struct group_member in[2] = {{&alerts[0], 7}, {&alerts[1], 0}};
    cr_assert(arena_init(&arena, 16u << 20));
    const struct stored_group group = {
        .group =
            {.opened_us = 5, .told_us = 6, .notices = 7, .members = in, .count = 2, .left_out = 8},
        .id = KEY,
        .key = SLICE("{}:{issue=\"67\"}"),
        .route = SLICE("{}"),
        .lane = SLICE("team/webhook/0"),
        .labels = some_labels(&arena),
        .last = SLICE("ntf_x")};
    struct stored_group back = {.id = KEY};

    cr_assert(stored_write_group(&group, &arena, &fields));
    redisReply *reply = as_reply(&fields, &arena);
    cr_assert(stored_read_group(reply, &arena, &back, members));

    cr_expect(slice_eq(back.key, group.key) && slice_eq(back.route, group.route));
    cr_expect(slice_eq(back.lane, group.lane) && slice_eq(back.last, group.last));
    cr_expect(slice_eq(back.birth, group.birth));
    expect_same_labels(&group.labels, &back.labels);
    cr_expect_eq(back.group.opened_us, 5);
    cr_expect_eq(back.group.told_us, 6);
    cr_expect_eq(back.group.notices, 7);
    cr_expect_eq(back.group.left_out, 8);
    cr_assert_eq(back.group.count, 2);
    cr_expect(slice_eq(members[0], alerts[0].key) && slice_eq(members[1], alerts[1].key));
    cr_expect_eq(back.group.members[0].told_period, 7);
    cr_expect_eq(back.group.members[1].told_period, 0);
    freeReplyObject(reply);
    arena_done(&arena);
}

Test(stored, what_is_not_there_is_nothing_known)
{
    struct arena arena;
    struct alert alert;
    struct slice members[GROUP_ALERTS_MAX];
    struct stored_group group = {.id = KEY};
    const char *const nothing[] = {NULL};
    redisReply *reply = reply_list(nothing);
    cr_assert(arena_init(&arena, 1u << 20));

    cr_assert(stored_read_alert(reply, KEY, &arena, &alert));
    cr_assert(stored_read_group(reply, &arena, &group, members));

    cr_expect_eq(alert.state, ALERT_NONE);
    cr_expect_eq(alert.labels.count, 0);
    cr_expect_eq(group.group.count, 0);
    cr_expect_eq(group.key.len, 0);
    freeReplyObject(reply);
    arena_done(&arena);
}

/* Nothing that a hand or an old backup may hold trips an assertion of the policy. */
Test(stored, nonsense_reads_as_nothing_known)
{
    const char *const texts[] = {"state",       "on fire",
                                 "period",      "-1",
                                 "events",      "99999999999999999999999",
                                 "starts",      "",
                                 "ends",        "1e9",
                                 "resolve",     "77",
                                 "labels",      "[1,2",
                                 "annotations", "{\"a\":1,\"b\":\"x\"}",
                                 "muted",       "yes",
                                 NULL};
    struct arena arena;
    struct alert alert;
    struct alert_input tick = {.kind = ALERT_TICK};
    redisReply *reply = reply_list(texts);
    cr_assert(arena_init(&arena, 1u << 20));

    cr_assert(stored_read_alert(reply, KEY, &arena, &alert));

    cr_expect_eq(alert.state, ALERT_NONE);
    cr_expect(alert.period == 0 && alert.starts_us == 0 && alert.ends_us == 0);
    cr_expect_eq(alert.resolve_us, 0, "nothing that does not fire can end");
    cr_expect_eq(alert.labels.count, 0);
    cr_expect_not(alert.is_muted);
    alert_step(&alert, &tick, 100);
    freeReplyObject(reply);
    arena_done(&arena);
}

Test(stored, members_that_are_none_are_left_out)
{
    const char *const texts[] = {
        "members",
        " x:1 0123456789abcdef0123456789abcdef:4294967295  0123456789abcdef0123456789abcdef "
        "ffffffffffffffffffffffffffffffff:2:3 :: ",
        NULL};
    struct arena arena;
    struct slice members[GROUP_ALERTS_MAX];
    struct stored_group group = {.id = KEY};
    redisReply *reply = reply_list(texts);
    cr_assert(arena_init(&arena, 1u << 20));

    cr_assert(stored_read_group(reply, &arena, &group, members));

    cr_assert_eq(group.group.count, 2);
    cr_expect_eq(group.group.members[0].told_period, 0);
    cr_expect_eq(group.group.members[1].told_period, 0);
    cr_expect_neq(group.group.opened_us, 0, "a group with members has begun");
    freeReplyObject(reply);
    arena_done(&arena);
}

Test(stored, says_when_the_arena_is_full)
{
    char memory[4];
    struct arena arena;
    struct stored_fields fields;
    struct alert back;
    const struct alert alert = {.key = KEY, .state = ALERT_FIRING, .issue = SLICE("67")};
    const char *const texts[] = {"labels", "{\"alertname\":\"x\"}", NULL};
    redisReply *reply = reply_list(texts);
    arena_over(&arena, memory, sizeof(memory));

    cr_expect_not(stored_write_alert(&alert, &arena, &fields));
    arena_reset(&arena);
    cr_expect_not(stored_read_alert(reply, KEY, &arena, &back));
    freeReplyObject(reply);
}
