/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/alerting/policy/timeline.h"
#include <criterion/criterion.h>

static void play(const char *story, const char *expected)
{
    struct timeline timeline;
    timeline_init(&timeline);
    timeline_play(&timeline, story, expected);
    timeline_done(&timeline);
}

static void play_without_resolved(const char *story, const char *expected)
{
    struct timeline timeline;
    timeline_init(&timeline);
    timeline.send_resolved = false;
    timeline_play(&timeline, story, expected);
    timeline_done(&timeline);
}

Test(group, page_is_instant)
{
    play("0s held a\n24h end", "0 first notification: +a\n");
}

Test(group, says_once_that_it_is_over)
{
    play("0s held a\n60s resolved a\n70s resolved a\n24h end", "0 first notification: +a\n"
                                                               "60 all alerts resolved: -a\n");
}

Test(group, regression_pages_again_at_once)
{
    play("0s held a\n60s resolved a\n61s regressed a\n24h end", "0 first notification: +a\n"
                                                                "60 all alerts resolved: -a\n"
                                                                "61 first notification: +a\n");
}

Test(group, regression_pages_again_also_without_send_resolved)
{
    play_without_resolved("0s held a\n60s resolved a\n61s regressed a\n24h end",
                          "0 first notification: +a\n"
                          "61 first notification: +a\n");
}

Test(group, more_alerts_wait_for_the_interval)
{
    play("0s held a\n10s held b\n20s held c\n24h end", "0 first notification: +a\n"
                                                       "300 new alerts added: +a +b +c\n");
}

Test(group, interval_counts_from_the_last_notice)
{
    play("0s held a\n10m held b\n11m held c\n24h end", "0 first notification: +a\n"
                                                       "600 new alerts added: +a +b\n"
                                                       "900 new alerts added: +a +b +c\n");
}

Test(group, some_resolved_are_told_with_those_that_fire)
{
    play("0s held a\n0s held b\n10m resolved a\n20m end", "0 first notification: +a\n"
                                                          "300 new alerts added: +a +b\n"
                                                          "600 some alerts resolved: -a +b\n");
}

Test(group, some_resolved_are_not_told_without_send_resolved)
{
    play_without_resolved(
        "0s held a\n0s held b\n10m resolved a\n20m resolved b\n30m held a\n40m end",
        "0 first notification: +a\n"
        "300 new alerts added: +a +b\n"
        "1800 first notification: +a\n");
}

/* Alertmanager does not see this one (its issue 2398). */
Test(group, alert_that_comes_back_between_notices_is_new)
{
    play("0s held a\n0s held b\n310s resolved a\n320s regressed a\n24h end",
         "0 first notification: +a\n"
         "300 new alerts added: +a +b\n"
         "600 new alerts added: +a +b\n");
}

Test(group, nobody_is_told_of_what_is_over_before_group_wait)
{
    struct timeline t;
    timeline_init(&t);
    t.settings.group_wait_us = INT64_C(30) * 1000000;

    timeline_play(&t, "0s held a\n10s resolved a", "");

    cr_expect_str_eq(t.why, "over before anybody was told");
    timeline_done(&t);
}

Test(group, wait_starts_anew_with_each_group)
{
    struct timeline t;
    timeline_init(&t);
    t.settings.group_wait_us = INT64_C(30) * 1000000;

    timeline_play(&t, "0s held a\n10s resolved a\n25s held b\n1h end",
                  "55 first notification: +b\n");
    timeline_done(&t);
}

Test(group, silence_is_not_repeated)
{
    play("0s held a\n72h end", "0 first notification: +a\n");
}

Test(group, news_is_repeated_after_the_interval)
{
    play("0s held a\n1h held a\n2h held a\n5h held a\n72h end",
         "0 first notification: +a\n"
         "14400 repeat interval elapsed: +a\n"
         "28800 repeat interval elapsed: +a\n");
}

Test(group, late_news_is_repeated_at_once)
{
    play("0s held a\n10h held a\n72h end", "0 first notification: +a\n"
                                           "36000 repeat interval elapsed: +a\n");
}

Test(group, acknowledged_is_not_repeated)
{
    struct timeline t;
    timeline_init(&t);

    timeline_play(&t, "0s held a\n1m ack a\n5h held a\n9h held a\n72h end",
                  "0 first notification: +a\n");

    cr_expect_str_eq(t.why, "acknowledged: somebody is on it");
    timeline_done(&t);
}

Test(group, acknowledged_and_resolved_is_told)
{
    play("0s held a\n1m ack a\n2m resolved a", "0 first notification: +a\n"
                                               "120 all alerts resolved: -a\n");
}

Test(group, regression_ends_an_acknowledgement)
{
    play("0s held a\n1m ack a\n1h regressed a\n24h end", "0 first notification: +a\n"
                                                         "3600 new alerts added: +a\n");
}

Test(group, ignored_alert_stays_quiet_until_unresolved)
{
    play("0s held a\n1m ignored a\n2m held a\n1h held a\n2h unresolved a\n3h held a\n4h end",
         "0 first notification: +a\n"
         "60 all alerts resolved: -a\n"
         "10800 first notification: +a\n");
}

Test(group, quiet_detection_ends_by_itself_and_comes_back)
{
    struct timeline t;
    timeline_init(&t);
    t.resolve_after_us = RESOLVE_AFTER_US;

    timeline_play(&t, "0s held a\n30m held a\n3h held a\n72h end",
                  "0 first notification: +a\n"
                  "5400 all alerts resolved: -a\n"
                  "10800 first notification: +a\n"
                  "14400 all alerts resolved: -a\n");
    timeline_done(&t);
}

Test(group, every_reason_has_its_name)
{
    cr_expect_str_eq(notice_reason_name(REASON_NONE), "none");
    cr_expect_str_eq(notice_reason_name(REASON_REPEAT), "repeat interval elapsed");
}

/* A small generator with a seed: the property must not depend on luck that cannot be repeated. */
static uint32_t roll(uint64_t *seed, uint32_t sides)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33) % sides;
}

static void expect_belief_is_truth(const struct timeline *t, uint64_t seed)
{
    for (uint32_t i = 0; i < 26; i++) {
        bool fires = t->alerts[i].state == ALERT_FIRING || t->alerts[i].state == ALERT_ACKNOWLEDGED;
        cr_assert_eq(t->believed[i], fires, "seed %llu, alert %c", (unsigned long long)seed,
                     (char)('a' + (int)i));
    }
}

/* Whatever happens: a group_interval later the receiver knows exactly what fires. */
Test(group, receiver_learns_the_truth_within_an_interval)
{
    for (uint64_t story = 0; story < 400; story++) {
        uint64_t seed = story;
        struct timeline t;
        timeline_init(&t);
        t.settings.group_wait_us = (int64_t)roll(&seed, 2) * 30 * 1000000;
        t.resolve_after_us = (int64_t)roll(&seed, 2) * RESOLVE_AFTER_US;
        for (uint32_t i = 0; i < 200; i++) {
            timeline_advance(&t, t.now_us + (int64_t)roll(&seed, 400) * 1000000);
            timeline_input(&t, roll(&seed, 5), (enum alert_input_kind)roll(&seed, 7));
        }

        timeline_advance(&t, t.now_us + ROUTE_GROUP_INTERVAL_US);

        expect_belief_is_truth(&t, story);
        timeline_done(&t);
    }
}

/* Notices about changes of one group keep their distance; only its beginning and its end do not. */
Test(group, notices_keep_their_distance)
{
    for (uint64_t story = 0; story < 200; story++) {
        uint64_t seed = story + 1000;
        struct timeline t;
        timeline_init(&t);
        for (uint32_t i = 0; i < 300; i++) {
            uint32_t notices = t.group.notices;
            int64_t told_us = t.group.told_us;
            size_t before = t.trace.len;
            t.now_us += (int64_t)roll(&seed, 400) * 1000000;
            timeline_input(&t, roll(&seed, 4), (enum alert_input_kind)roll(&seed, 7));
            struct slice said = slice_from(buffer_slice(&t.trace), before);
            bool is_limited = slice_search(said, SLICE("new alerts")) < said.len ||
                              slice_search(said, SLICE("some alerts")) < said.len;

            cr_assert_leq(t.group.notices, notices + 1);
            cr_assert(!is_limited || t.now_us - told_us >= ROUTE_GROUP_INTERVAL_US);
        }
        timeline_done(&t);
    }
}
