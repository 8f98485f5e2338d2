/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/policy/policy.h"
#include <criterion/criterion.h>

#define NOW  INT64_C(1800000000000000)
#define HOUR INT64_C(3600000000)

static struct alert_change step(struct alert *alert, enum alert_input_kind kind, int64_t now_us)
{
    struct alert_input input = {
        .kind = kind, .at_us = now_us - 5, .events = 3, .resolve_after_us = HOUR};
    return alert_step(alert, &input, now_us);
}

/* State by input: what becomes of an alert, and the reason given. */
Test(policy, every_state_meets_every_input)
{
    static const struct {
        enum alert_state from;
        enum alert_input_kind input;
        enum alert_state to;
        bool fires;
        bool resolves;
        const char *why;
    } cases[] = {
        {ALERT_NONE, ALERT_HELD, ALERT_FIRING, true, false, "its rule held"},
        {ALERT_NONE, ALERT_REGRESSED, ALERT_FIRING, true, false, "its rule held"},
        {ALERT_NONE, ALERT_ISSUE_RESOLVED, ALERT_NONE, false, false, "it was not firing"},
        {ALERT_NONE, ALERT_TICK, ALERT_NONE, false, false, "only its issue can end it"},
        {ALERT_FIRING, ALERT_HELD, ALERT_FIRING, false, false, "already firing"},
        {ALERT_FIRING, ALERT_REGRESSED, ALERT_FIRING, false, false, "already firing"},
        {ALERT_FIRING, ALERT_ISSUE_RESOLVED, ALERT_RESOLVED, false, true, "its issue was resolved"},
        {ALERT_FIRING, ALERT_ISSUE_IGNORED, ALERT_RESOLVED, false, true, "its issue was ignored"},
        {ALERT_FIRING, ALERT_ISSUE_UNRESOLVED, ALERT_FIRING, false, false,
         "reopened by a person, who knows"},
        {ALERT_FIRING, ALERT_ACKNOWLEDGE, ALERT_ACKNOWLEDGED, false, false,
         "acknowledged by a person"},
        {ALERT_FIRING, ALERT_TICK, ALERT_FIRING, false, false, "its rule held not long ago"},
        {ALERT_ACKNOWLEDGED, ALERT_HELD, ALERT_ACKNOWLEDGED, false, false,
         "acknowledged: somebody is on it"},
        {ALERT_ACKNOWLEDGED, ALERT_REGRESSED, ALERT_FIRING, true, false,
         "its issue came back: the acknowledgement ends"},
        {ALERT_ACKNOWLEDGED, ALERT_ISSUE_RESOLVED, ALERT_RESOLVED, false, true,
         "its issue was resolved"},
        {ALERT_ACKNOWLEDGED, ALERT_ACKNOWLEDGE, ALERT_ACKNOWLEDGED, false, false,
         "it was not firing"},
        {ALERT_RESOLVED, ALERT_HELD, ALERT_FIRING, true, false, "its rule held"},
        {ALERT_RESOLVED, ALERT_ACKNOWLEDGE, ALERT_RESOLVED, false, false, "it was not firing"},
        {ALERT_RESOLVED, ALERT_ISSUE_IGNORED, ALERT_RESOLVED, false, false, "it was not firing"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct alert alert = {.state = cases[i].from, .period = cases[i].from != ALERT_NONE};
        bool fires = alert.state == ALERT_FIRING || alert.state == ALERT_ACKNOWLEDGED;
        alert.resolve_us = fires ? NOW + 1 : 0;

        struct alert_change change = step(&alert, cases[i].input, NOW);

        cr_expect_eq(alert.state, cases[i].to, "case %zu: %s", i, alert_state_name(alert.state));
        cr_expect_eq(change.has_fired, cases[i].fires, "case %zu", i);
        cr_expect_eq(change.has_resolved, cases[i].resolves, "case %zu", i);
        cr_expect_str_eq(change.why, cases[i].why);
    }
}

Test(policy, period_counts_from_its_own_start)
{
    struct alert alert = {0};

    step(&alert, ALERT_HELD, NOW);
    step(&alert, ALERT_HELD, NOW + 10);
    cr_expect_eq(alert.events, 6);
    cr_expect_eq(alert.starts_us, NOW - 5);
    cr_expect_eq(alert.ends_us, 0);
    step(&alert, ALERT_ISSUE_RESOLVED, NOW + 20);
    cr_expect_eq(alert.ends_us, NOW + 20);
    step(&alert, ALERT_HELD, NOW + 30);

    cr_expect_eq(alert.period, 2);
    cr_expect_eq(alert.events, 3);
    cr_expect_eq(alert.starts_us, NOW + 25);
    cr_expect_eq(alert.ends_us, 0);
}

Test(policy, event_time_from_the_future_or_missing_is_now)
{
    int64_t const times[] = {0, -7, NOW + HOUR};
    for (size_t i = 0; i < 3; i++) {
        struct alert alert = {0};
        struct alert_input input = {.kind = ALERT_HELD, .at_us = times[i], .events = 1};

        alert_step(&alert, &input, NOW);

        cr_expect_eq(alert.starts_us, NOW);
        cr_expect_eq(alert.resolve_us, 0);
    }
}

Test(policy, quiet_time_is_exact_and_each_fact_renews_it)
{
    struct alert alert = {0};
    step(&alert, ALERT_HELD, NOW);
    step(&alert, ALERT_HELD, NOW + HOUR / 2);

    cr_expect_not(step(&alert, ALERT_TICK, NOW + HOUR).has_resolved);
    cr_expect_not(step(&alert, ALERT_TICK, NOW + HOUR + HOUR / 2 - 1).has_resolved);
    cr_expect(step(&alert, ALERT_TICK, NOW + HOUR + HOUR / 2).has_resolved);

    cr_expect_eq(alert.ends_us, NOW + HOUR + HOUR / 2);
    cr_expect_eq(alert.resolve_us, 0);
}

Test(policy, end_is_never_before_the_start)
{
    struct alert alert = {.state = ALERT_FIRING, .period = 1, .starts_us = NOW};

    step(&alert, ALERT_ISSUE_RESOLVED, NOW - HOUR);

    cr_expect_eq(alert.ends_us, NOW);
}

Test(policy, ignored_issue_mutes_until_it_is_unresolved)
{
    struct alert alert = {0};
    step(&alert, ALERT_HELD, NOW);
    step(&alert, ALERT_ISSUE_IGNORED, NOW);

    cr_expect_str_eq(step(&alert, ALERT_HELD, NOW).why, "its issue is ignored");
    cr_expect_eq(alert.state, ALERT_RESOLVED);
    step(&alert, ALERT_ISSUE_UNRESOLVED, NOW);
    cr_expect(step(&alert, ALERT_HELD, NOW).has_fired);
}
