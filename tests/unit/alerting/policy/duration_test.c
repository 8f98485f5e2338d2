/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/policy/duration.h"
#include <criterion/criterion.h>

Test(duration, reads_what_prometheus_reads)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } cases[] = {{"0", 0},         {"0s", 0},         {"30s", 30},         {"5m", 300},
                 {"4h", 14400},    {"1h30m", 5400},   {"1d", 86400},       {"2w", 1209600},
                 {"1y", 31536000}, {"1d12h", 129600}, {"100y", 3153600000}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t us = -1;
        cr_expect(duration_parse(slice_str(cases[i].text), &us), "%s", cases[i].text);
        cr_expect_eq(us, cases[i].seconds * 1000000, "%s", cases[i].text);
    }
    int64_t us = 0;
    cr_expect(duration_parse(SLICE("1s250ms"), &us));
    cr_expect_eq(us, 1250000);
}

Test(duration, refuses_all_else)
{
    static const char *const cases[] = {
        "",      "5",    "s",    "-5m",   "5 m", "5min", "1.5h",
        "1m1h",  "1h1h", "1s1m", "1ms1s", "h1",  "101y", "99999999999999999999s",
        "100y1s"};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t us = 7;
        cr_expect_not(duration_parse(slice_str(cases[i]), &us), "%s", cases[i]);
        cr_expect_eq(us, 7, "%s", cases[i]);
    }
}
