/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/time.h"
#include <criterion/criterion.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#define NOON INT64_C(1700000000000000) /* 2023-11-14T22:13:20Z */

Test(time, reads_what_the_clients_send)
{
    static const struct {
        struct slice text;
        int64_t us;
    } cases[] = {
        {SLICE_INIT("2023-11-14T22:13:20Z"), NOON},
        {SLICE_INIT("2023-11-14T22:13:20"), NOON},
        {SLICE_INIT("2023-11-14 22:13:20"), NOON},
        {SLICE_INIT("2023-11-14t22:13:20z"), NOON},
        {SLICE_INIT("2023-11-14T22:13:20.5Z"), NOON + 500000},
        {SLICE_INIT("2023-11-14T22:13:20.123456789Z"), NOON + 123456},
        {SLICE_INIT("2023-11-14T23:13:20+01:00"), NOON},
        {SLICE_INIT("2023-11-14T14:13:20-0800"), NOON},
        {SLICE_INIT("2023-11-15T00:13:20+02"), NOON},
        {SLICE_INIT(" 2023-11-14T22:13:20Z\n"), NOON},
        {SLICE_INIT("1970-01-01T00:00:00Z"), 0},
        {SLICE_INIT("2024-02-29T00:00:00Z"), INT64_C(1709164800000000)},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t us = -1;
        cr_expect(time_parse(cases[i].text, &us), "%s", cases[i].text.at);
        cr_expect_eq(us, cases[i].us, "%s", cases[i].text.at);
    }
}

Test(time, leaves_the_old_one_when_the_text_is_no_instant)
{
    static const struct slice bad[] = {
        SLICE_INIT(""),
        SLICE_INIT("yesterday"),
        SLICE_INIT("2023-11-14"),
        SLICE_INIT("2023-13-14T22:13:20Z"),
        SLICE_INIT("2023-11-32T22:13:20Z"),
        SLICE_INIT("2023-11-14T24:13:20Z"),
        SLICE_INIT("2023-11-14T22:60:20Z"),
        SLICE_INIT("2023-11-14T22:13:20+25:00"),
        SLICE_INIT("2023-11-14T22:13:20Zulu"),
        SLICE_INIT("1969-12-31T23:59:59Z"),
        SLICE_INIT("1970-01-01T00:00:00+01:00"),
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        int64_t us = 7;
        cr_expect_not(time_parse(bad[i], &us), "%s", bad[i].at);
        cr_expect_eq(us, 7, "%s", bad[i].at);
    }
}

Test(time, reads_decimal_seconds)
{
    int64_t us = 0;
    cr_expect(time_parse_seconds(SLICE("1700000000.25"), &us));
    cr_expect_eq(us, NOON + 250000);
    cr_expect(time_parse_seconds(SLICE("1.7e9"), &us));
    cr_expect_eq(us, NOON);
    static const struct slice bad[] = {
        SLICE_INIT(""),      SLICE_INIT("1x"), SLICE_INIT("nan"),
        SLICE_INIT("inf"),   SLICE_INIT("-1"), SLICE_INIT("1700000000000"),
        SLICE_INIT("1e400"),
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        cr_expect_not(time_parse_seconds(bad[i], &us), "%s", bad[i].at);
    }
}

Test(time, writes_what_it_reads)
{
    char text[TIME_TEXT_BYTES];
    time_format(NOON + 123456, 6, text);
    cr_expect_str_eq(text, "2023-11-14T22:13:20.123456Z");
    time_format(NOON + 123456, 3, text);
    cr_expect_str_eq(text, "2023-11-14T22:13:20.123Z");
    time_format(NOON + 123456, 0, text);
    cr_expect_str_eq(text, "2023-11-14T22:13:20Z");
    time_format(-5, 0, text);
    cr_expect_str_eq(text, "1970-01-01T00:00:00Z");
    time_format(INT64_MAX, 0, text);
    cr_expect_str_eq(text, "9999-12-31T23:59:59Z");
}

Test(time, agrees_with_the_c_library_for_sixty_thousand_days)
{
    for (int64_t day = 0; day < 60000; day++) {
        time_t seconds = (time_t)(day * 86400 + 3661);
        struct tm tm;
        char expected[TIME_TEXT_BYTES];
        char text[TIME_TEXT_BYTES];
        int64_t back = 0;
        gmtime_r(&seconds, &tm);
        strftime(expected, sizeof(expected), "%Y-%m-%dT%H:%M:%SZ", &tm);
        time_format(seconds * TIME_US_PER_S, 0, text);
        cr_assert_str_eq(text, expected);
        cr_assert(time_parse(slice_str(text), &back));
        cr_assert_eq(back, seconds * TIME_US_PER_S);
    }
}

Test(time, other_fractions_are_a_bug, .signal = SIGABRT)
{
    close(STDERR_FILENO); /* its last words are not this run\'s */
    char text[TIME_TEXT_BYTES];
    time_format(NOON, 9, text);
}
