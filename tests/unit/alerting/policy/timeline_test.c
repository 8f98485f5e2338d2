/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/alerting/policy/timeline.h"
#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>

#define START_US (INT64_C(1800000000) * 1000000)
static const char letters[] = "abcdefghijklmnopqrstuvwxyz";

void timeline_init(struct timeline *timeline)
{
    *timeline = (struct timeline){.settings = {.group_wait_us = ROUTE_GROUP_WAIT_US,
                                               .group_interval_us = ROUTE_GROUP_INTERVAL_US,
                                               .repeat_interval_us = ROUTE_REPEAT_INTERVAL_US},
                                  .send_resolved = true,
                                  .now_us = START_US};
    timeline->group.members = timeline->members;
    for (uint32_t i = 0; i < 26; i++) {
        timeline->alerts[i].key = slice_of(&letters[i], 1);
    }
    buffer_init(&timeline->trace, 1 << 20);
}

void timeline_done(struct timeline *timeline)
{
    buffer_done(&timeline->trace);
}

static void record(struct timeline *timeline, const struct verdict *verdict)
{
    buffer_printf(&timeline->trace, "%" PRId64 " %s:", (timeline->now_us - START_US) / 1000000,
                  notice_reason_name(verdict->reason));
    for (uint32_t i = 0; i < timeline->group.count; i++) {
        const struct group_member *member = &timeline->group.members[i];
        if (group_member_is_shown(member, timeline->send_resolved)) {
            bool is_over = member->alert->state == ALERT_RESOLVED;
            buffer_printf(&timeline->trace, " %c%c", is_over ? '-' : '+', member->alert->key.at[0]);
            timeline->believed[member->alert - timeline->alerts] = !is_over;
        }
    }
    buffer_byte(&timeline->trace, '\n');
}

static void decide(struct timeline *timeline)
{
    struct verdict verdict = group_decide(&timeline->group, &timeline->settings,
                                          timeline->send_resolved, timeline->now_us);
    timeline->why = verdict.why;
    if (verdict.reason != REASON_NONE) {
        record(timeline, &verdict);
    }
    group_told(&timeline->group, &verdict, timeline->now_us);
    if (verdict.reason != REASON_NONE && !verdict.is_over) {
        verdict = group_decide(&timeline->group, &timeline->settings, timeline->send_resolved,
                               timeline->now_us);
        cr_assert_eq(verdict.reason, REASON_NONE, "told twice: %s", verdict.why);
    }
    timeline->group_due_us = verdict.due_us;
    cr_assert(verdict.due_us == 0 || verdict.due_us > timeline->now_us);
}

void timeline_input(struct timeline *timeline, uint32_t alert, enum alert_input_kind kind)
{
    struct alert_input input = {.kind = kind,
                                .at_us = timeline->now_us - 1000,
                                .events = 1,
                                .resolve_after_us = timeline->resolve_after_us};
    struct alert *subject = &timeline->alerts[alert];
    struct alert_change change = alert_step(subject, &input, timeline->now_us);
    cr_assert(change.why != NULL);
    timeline->step = change.why;
    if (subject->state == ALERT_FIRING || subject->state == ALERT_ACKNOWLEDGED) {
        group_join(&timeline->group, subject, timeline->now_us);
    }
    decide(timeline);
}

static int64_t next_due(const struct timeline *timeline, uint32_t *out_alert)
{
    int64_t due_us = timeline->group_due_us != 0 ? timeline->group_due_us : INT64_MAX;
    *out_alert = 26;
    for (uint32_t i = 0; i < 26; i++) {
        int64_t resolve_us = timeline->alerts[i].resolve_us;
        if (resolve_us != 0 && resolve_us < due_us) {
            due_us = resolve_us;
            *out_alert = i;
        }
    }
    return due_us;
}

void timeline_advance(struct timeline *timeline, int64_t to_us)
{
    uint32_t alert = 26;
    for (int64_t due_us = next_due(timeline, &alert); due_us <= to_us;
         due_us = next_due(timeline, &alert)) {
        timeline->now_us = due_us > timeline->now_us ? due_us : timeline->now_us;
        if (alert < 26) {
            timeline_input(timeline, alert, ALERT_TICK);
        } else {
            decide(timeline);
        }
    }
    timeline->now_us = to_us;
}

static void play_line(struct timeline *timeline, const char *line)
{
    static const struct {
        const char *name;
        enum alert_input_kind kind;
    } verbs[] = {{"held", ALERT_HELD},
                 {"regressed", ALERT_REGRESSED},
                 {"resolved", ALERT_ISSUE_RESOLVED},
                 {"ignored", ALERT_ISSUE_IGNORED},
                 {"unresolved", ALERT_ISSUE_UNRESOLVED},
                 {"ack", ALERT_ACKNOWLEDGE}};
    int64_t number = 0;
    char unit = 's';
    char verb[16] = "";
    char alert = 'a';
    cr_assert_geq(sscanf(line, " %" SCNd64 "%c %15s %c", &number, &unit, verb, &alert), 3, "%s",
                  line);
    int64_t seconds = number * (unit == 'h' ? 3600 : unit == 'm' ? 60 : 1);
    timeline_advance(timeline, START_US + seconds * 1000000);
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (strcmp(verb, verbs[i].name) == 0) {
            timeline_input(timeline, (uint32_t)(alert - 'a'), verbs[i].kind);
            return;
        }
    }
    cr_assert_str_eq(verb, "end");
}

void timeline_play(struct timeline *timeline, const char *story, const char *expected)
{
    char line[128];
    while (*story != '\0') {
        size_t length = strcspn(story, "\n");
        cr_assert_lt(length, sizeof(line));
        memcpy(line, story, length);
        line[length] = '\0';
        play_line(timeline, line);
        story += length + (story[length] == '\n');
    }
    cr_expect(slice_eq(buffer_slice(&timeline->trace), slice_str(expected)),
              "\n--- got\n%.*s--- expected\n%s", SLICE_ARG(buffer_slice(&timeline->trace)),
              expected);
}

Test(timeline, timers_go_off_in_order_and_on_time)
{
    struct timeline t;
    timeline_init(&t);
    t.settings.group_wait_us = INT64_C(30) * 1000000;
    t.resolve_after_us = INT64_C(100) * 1000000;

    timeline_play(&t, "0s held a\n10s held b\n1h end",
                  "30 first notification: +a +b\n"
                  "110 all alerts resolved: -a -b\n");
    timeline_done(&t);
}
