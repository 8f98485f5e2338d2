/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(timestamp, .init = fixture_start);

#define HOUR_US (INT64_C(3600) * 1000000)

Test(timestamp, senders_time_is_believed_within_bounds)
{
    const struct {
        int64_t sent_us;
        int64_t expected_us;
    } rows[] = {
        {0, FIXTURE_NOW_US},
        {-5, FIXTURE_NOW_US},
        {FIXTURE_NOW_US - HOUR_US, FIXTURE_NOW_US - HOUR_US},
        {FIXTURE_NOW_US + TIMESTAMP_FUTURE_US_MAX, FIXTURE_NOW_US + TIMESTAMP_FUTURE_US_MAX},
        {FIXTURE_NOW_US + TIMESTAMP_FUTURE_US_MAX + 1, FIXTURE_NOW_US},
        {FIXTURE_NOW_US - TIMESTAMP_AGE_US_MAX, FIXTURE_NOW_US - TIMESTAMP_AGE_US_MAX},
        {FIXTURE_NOW_US - TIMESTAMP_AGE_US_MAX - 1, FIXTURE_NOW_US},
        {INT64_MAX, FIXTURE_NOW_US},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct event event = {.timestamp_us = rows[i].sent_us};
        step_timestamp(&arena, &input, &event);
        cr_expect_eq(event.timestamp_us, rows[i].expected_us, "row %zu", i);
    }
}

Test(timestamp, clock_that_is_wrong_is_corrected)
{
    struct event event = {.timestamp_us = FIXTURE_NOW_US - 7 * HOUR_US};
    input.sent_at_us = FIXTURE_NOW_US - 6 * HOUR_US;
    step_timestamp(&arena, &input, &event);
    cr_expect_eq(event.timestamp_us, FIXTURE_NOW_US - HOUR_US);

    event.timestamp_us = FIXTURE_NOW_US + 5 * HOUR_US;
    input.sent_at_us = FIXTURE_NOW_US + 6 * HOUR_US;
    step_timestamp(&arena, &input, &event);
    cr_expect_eq(event.timestamp_us, FIXTURE_NOW_US - HOUR_US);
}

Test(timestamp, delay_on_the_way_is_no_wrong_clock)
{
    struct event event = {.timestamp_us = FIXTURE_NOW_US - 2 * HOUR_US};
    input.sent_at_us = FIXTURE_NOW_US - CLOCK_DRIFT_US_MIN + 1;
    step_timestamp(&arena, &input, &event);
    cr_expect_eq(event.timestamp_us, FIXTURE_NOW_US - 2 * HOUR_US);
    input.sent_at_us = FIXTURE_NOW_US - CLOCK_DRIFT_US_MIN;
    step_timestamp(&arena, &input, &event);
    cr_expect_eq(event.timestamp_us, FIXTURE_NOW_US - 2 * HOUR_US + CLOCK_DRIFT_US_MIN);
}

Test(timestamp, extreme_times_do_not_overflow)
{
    const int64_t extremes[] = {INT64_MIN, INT64_MIN + 1, 1, INT64_MAX};
    for (size_t i = 0; i < sizeof(extremes) / sizeof(extremes[0]); i++) {
        for (size_t j = 0; j < sizeof(extremes) / sizeof(extremes[0]); j++) {
            struct event event = {.timestamp_us = extremes[i]};
            input.sent_at_us = extremes[j];
            step_timestamp(&arena, &input, &event);
            cr_expect_eq(event.timestamp_us, FIXTURE_NOW_US, "%zu %zu", i, j);
        }
    }
}
