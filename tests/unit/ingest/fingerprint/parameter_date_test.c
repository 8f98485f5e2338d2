/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint/parameter.h"
#include "tests/unit/ingest/fingerprint/parameters.h"

#define CHECK(rows) parameters_check(rows, sizeof(rows) / sizeof((rows)[0]))

Test(parameter_date, days_and_times_of_iso_8601)
{
    static const struct parameters_row rows[] = {
        {"2026-11-24", "<date>"},
        {"2026-11-24T17:04:31", "<date>"},
        {"2026-11-24T17:04", "<date>"},
        {"2026-11-24T17:04:31Z", "<date>"},
        {"2026-11-24T17:04:31Z01:00", "<date>"},
        {"2026-11-24T17:04:31.123456789+01:00", "<date>"},
        {"2026-11-24 17:04:31,123", "<date>"},
        {"2026-11-24 17:04:31-0800", "<date>"},
        {"20261124T170431Z", "<date>"},
        {"20261124 170431+0100", "<date>"},
        {"20261124 17:04:31.5", "<date>"},
        {"backup_2026-11-24.tgz", "backup_<date>.tgz"},
        {"2026-11-40", "<int>-<int>-<int>"},
        {"2026-20-02", "<int>-<int>-<int>"},
        {"12026-11-24", "<int>-<int>-<int>"},
        {"2026-11", "<int>-<int>"},
        {"20261124", "<hex>"},
    };
    CHECK(rows);
}

Test(parameter_date, dates_with_names)
{
    static const struct parameters_row rows[] = {
        {"Tue, 24 Nov 26 17:04 MST", "<date>"},
        {"Tue, 24 Nov 2026 17:04:31 GMT", "<date>"},
        {"Tue, 24 Nov 2026 17:04:31 -0700", "<date>"},
        {"Tuesday, 24-Nov-26 17:04:31 CST", "<date>"},
        {"Tue Nov 24 2026 17:04:31 GMT+0100 (Central European Standard Time)", "<date>"},
        {"Tue Nov 24 2026 17:04:31 GMT-0800", "<date>"},
        {"Tue Nov 24 17:04:31 2026", "<date>"},
        {"24 Nov 2026 17:04:31 Z", "<date>"},
        {"Tue Nov 24, 2026", "<date>"},
        {"Nov 24, 2026", "<date>"},
        {"May the force", NULL},
        {"Sun Microsystems", NULL},
        {"datetime.datetime(2026, 11, 24, 17, 4)", "<date>"},
        {"datetime.datetime", NULL},
    };
    CHECK(rows);
}

Test(parameter_date, times_of_day)
{
    static const struct parameters_row rows[] = {
        {"17:04", "<date>"},        {"7:04", "<date>"},        {"00:00:00", "<date>"},
        {"17:04:31.250", "<date>"}, {"7:04 PM", "<date>"},     {"07:04am", "<date>"},
        {"7:04:31 pm", "<date>"},   {"117:04", "<int>:<int>"}, {"17:0431", "<int>:<int>"},
        {"24:04", "<int>:<int>"},   {"17:60", "<int>:<int>"},  {"17:04:99", "<int>:<int>:<int>"},
    };
    CHECK(rows);
}

Test(parameter_date, durations)
{
    static const struct parameters_row rows[] = {
        {"0ms", "<duration>"},
        {"1500ms", "<duration>"},
        {"30s", "<duration>"},
        {"1.25s", "<duration>"},
        {"took 3s.", "took <duration>."},
        {"3sec", NULL},
        {"ms", NULL},
    };
    CHECK(rows);
    cr_expect_eq(parameter_duration(SLICE("12ms"), 0), 4);
    cr_expect_eq(parameter_duration(SLICE("12 ms"), 0), 0);
}
