/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/webhook_body.h"
#include "ingest/base/limits.h"
#include "ingest/base/value.h"
#include "tests/support/place.h"
#include <criterion/criterion.h>
#include <stdlib.h>

#define START_US INT64_C(1795413600123456) /* 2026-11-23T06:00:00.123456Z */

struct fixture {
    struct arena arena;
    struct alert alerts[2];
    const struct alert *shown[2];
    struct notice notice;
    struct buffer out;
};

static void fill(struct labels *labels, struct arena *arena, const char *const *pairs)
{
    cr_assert(labels_init(labels, ALERT_LABELS_MAX, arena));
    for (; pairs[0] != NULL; pairs += 2) {
        cr_assert(labels_set(labels, slice_str(pairs[0]), slice_str(pairs[1])));
    }
}

static void begin(struct fixture *f, size_t body_max)
{
    static const char *const first[] = {"alertname", "New issue", "project", "1",
                                        "issue",     "64",        NULL};
    static const char *const second[] = {"alertname", "New issue", "project", "1",
                                         "issue",     "128",       NULL};
    static const char *const words[] = {"summary", "ValueError: <x> & \"y\"", NULL};
    static const char *const group[] = {"alertname", "New issue", "project", "1", NULL};
    *f = (struct fixture){.shown = {&f->alerts[0], &f->alerts[1]}};
    cr_assert(arena_init(&f->arena, 1 << 20));
    buffer_init(&f->out, body_max);
    f->alerts[0] = (struct alert){
        .state = ALERT_FIRING, .period = 1, .starts_us = START_US, .issue = SLICE("64")};
    f->alerts[1] = (struct alert){.state = ALERT_RESOLVED,
                                  .period = 1,
                                  .starts_us = START_US,
                                  .ends_us = START_US + 4000000,
                                  .issue = SLICE("128")};
    fill(&f->alerts[0].labels, &f->arena, first);
    fill(&f->alerts[1].labels, &f->arena, second);
    fill(&f->alerts[0].annotations, &f->arena, words);
    fill(&f->alerts[1].annotations, &f->arena, words);
    f->notice = (struct notice){.receiver = SLICE("team"),
                                .reason = REASON_SOME_RESOLVED,
                                .group_key = SLICE("{}:{alertname=\"New issue\", project=\"1\"}"),
                                .external_url = SLICE("https://obs.example"),
                                .alerts = f->shown,
                                .alert_count = 2};
    fill(&f->notice.group_labels, &f->arena, group);
}

static void end(struct fixture *f)
{
    buffer_done(&f->out);
    arena_done(&f->arena);
}

Test(webhook_body, is_alertmanagers_version_4)
{
    struct fixture f;
    begin(&f, NOTICE_BODY_BYTES_MAX);

    webhook_body(&f.notice, 0, &f.out);
    buffer_byte(&f.out, '\n');

    struct slice golden = place_read(&f.arena, "tests/golden/alerting/webhook_v4.json");
    cr_expect(slice_eq(buffer_slice(&f.out), golden), "%.*s", SLICE_ARG(buffer_slice(&f.out)));
    end(&f);
}

static const struct value *parse(struct fixture *f)
{
    struct value *root = NULL;
    cr_assert_not(fault_is(value_parse_json(&f->arena, buffer_slice(&f->out), &root)));
    return root;
}

static int64_t number(const struct value *root, const char *key)
{
    int64_t out = -1;
    cr_assert(value_integer(value_get(root, slice_str(key)), &out));
    return out;
}

Test(webhook_body, max_alerts_cuts_the_list_and_says_so)
{
    struct fixture f;
    begin(&f, NOTICE_BODY_BYTES_MAX);
    f.notice.left_out = 5;

    webhook_body(&f.notice, 1, &f.out);

    const struct value *root = parse(&f);
    cr_expect_eq(value_get(root, SLICE("alerts"))->count, 1);
    cr_expect_eq(number(root, "truncatedAlerts"), 6);
    cr_expect_eq(value_get(root, SLICE("commonLabels"))->count, 2);
    end(&f);
}

Test(webhook_body, too_large_lists_fewer_alerts)
{
    struct fixture f;
    begin(&f, 900);

    webhook_body(&f.notice, 0, &f.out);

    cr_expect_not(f.out.overflowed);
    cr_expect_eq(number(parse(&f), "truncatedAlerts"), 1);
    end(&f);
}

Test(webhook_body, without_an_address_of_ours_there_are_no_links)
{
    struct fixture f;
    begin(&f, NOTICE_BODY_BYTES_MAX);
    f.notice.external_url = SLICE("");

    webhook_body(&f.notice, 0, &f.out);

    const struct value *first = value_first(value_get(parse(&f), SLICE("alerts")));
    cr_expect(value_is(value_get(first, SLICE("generatorURL")), VALUE_STRING));
    cr_expect(slice_is_empty(value_string(value_get(first, SLICE("generatorURL")))));
    end(&f);
}
