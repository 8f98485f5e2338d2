/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/schedule.h"
#include "ingest/base/limits.h"
#include <criterion/criterion.h>

#define NOW    INT64_C(1800000000000000)
#define SECOND INT64_C(1000000)
#define MIDDLE 0x80000000u /* dice that shake nothing */

static struct delivery_step step(uint32_t status, uint32_t attempts, int64_t age_us)
{
    struct delivery_answer answer = {.status = status};
    return schedule_step(&answer, attempts, NOW - age_us, NOW, MIDDLE);
}

Test(schedule, each_status_has_its_meaning)
{
    static const struct {
        uint32_t status;
        enum delivery_step_kind kind;
        enum delivery_failure failure;
    } cases[] = {
        {200, STEP_DELIVERED, FAILED_CLIENT_ERROR},
        {202, STEP_DELIVERED, FAILED_CLIENT_ERROR},
        {204, STEP_DELIVERED, FAILED_CLIENT_ERROR},
        {301, STEP_DEAD, FAILED_CLIENT_ERROR},
        {302, STEP_DEAD, FAILED_CLIENT_ERROR},
        {400, STEP_DEAD, FAILED_CLIENT_ERROR},
        {401, STEP_DEAD, FAILED_AUTH},
        {403, STEP_DEAD, FAILED_AUTH},
        {404, STEP_DEAD, FAILED_CLIENT_ERROR},
        {408, STEP_RETRY, FAILED_CLIENT_ERROR},
        {410, STEP_DEAD_AND_CLOSE, FAILED_CLIENT_ERROR},
        {413, STEP_DEAD, FAILED_CLIENT_ERROR},
        {425, STEP_RETRY, FAILED_CLIENT_ERROR},
        {429, STEP_RETRY, FAILED_RATE_LIMITED},
        {500, STEP_RETRY, FAILED_SERVER_ERROR},
        {503, STEP_RETRY, FAILED_SERVER_ERROR},
        {0, STEP_RETRY, FAILED_NETWORK},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct delivery_step got = step(cases[i].status, 1, 0);

        cr_expect_eq(got.kind, cases[i].kind, "%u", cases[i].status);
        cr_expect_eq(got.failure, cases[i].failure, "%u", cases[i].status);
        cr_expect(got.why != NULL);
    }
}

Test(schedule, timeout_has_alertmanagers_name)
{
    struct delivery_answer answer = {.timed_out = true};

    struct delivery_step got = schedule_step(&answer, 1, NOW, NOW, MIDDLE);

    cr_expect_str_eq(delivery_failure_name(got.failure), "contextDeadlineExceeded");
    cr_expect_eq(got.kind, STEP_RETRY);
}

Test(schedule, is_dense_at_first)
{
    int64_t const delays_s[] = {5, 15, 45, 120, 300, 300};
    for (uint32_t attempts = 1; attempts <= 6; attempts++) {
        struct delivery_step got = step(500, attempts, 60 * SECOND);

        cr_expect_geq(got.at_us - NOW, delays_s[attempts - 1] * SECOND - 2);
        cr_expect_leq(got.at_us - NOW, delays_s[attempts - 1] * SECOND + 2);
    }
    cr_expect_geq(step(500, 20, 3600 * SECOND).at_us - NOW, 1800 * SECOND - 2);
}

Test(schedule, dice_move_it_by_a_fifth)
{
    struct delivery_answer answer = {.status = 500};

    int64_t early = schedule_step(&answer, 2, NOW, NOW, 0).at_us - NOW;
    int64_t late = schedule_step(&answer, 2, NOW, NOW, UINT32_MAX).at_us - NOW;

    cr_expect_eq(early, 12 * SECOND);
    cr_expect_geq(late, 18 * SECOND - 1);
    cr_expect_leq(late, 18 * SECOND);
}

Test(schedule, waits_as_long_as_it_was_asked_to)
{
    struct delivery_answer answer = {.status = 429, .retry_after_us = 90 * SECOND};
    cr_expect_eq(schedule_step(&answer, 1, NOW, NOW, 0).at_us, NOW + 90 * SECOND);

    answer.retry_after_us = SECOND;
    cr_expect_eq(schedule_step(&answer, 1, NOW, NOW, 0).at_us, NOW + 4 * SECOND);
    answer.retry_after_us = RETRY_AFTER_US_MAX;
    cr_expect_eq(schedule_step(&answer, 1, NOW, NOW, 0).at_us, NOW + RETRY_AFTER_US_MAX);
    answer.retry_after_us = RETRY_AFTER_US_MAX + 1;
    cr_expect_eq(schedule_step(&answer, 1, NOW, NOW, 0).at_us, NOW + RETRY_AFTER_US_MAX);
}

Test(schedule, gives_up_after_a_day)
{
    int64_t last_us = NOTICE_TRIED_US_MAX - 1800 * SECOND;

    cr_expect_eq(step(500, 50, last_us - 1).kind, STEP_RETRY);
    cr_expect_eq(step(500, 50, last_us + 1).kind, STEP_DEAD);
}

Test(schedule, clock_that_steps_back_does_no_harm)
{
    cr_expect_eq(step(500, 1, -3600 * SECOND).kind, STEP_RETRY);
}
