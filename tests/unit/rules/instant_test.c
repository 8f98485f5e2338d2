/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/instant.h"
#include <criterion/criterion.h>

static double part_of(const char *text, enum time_part part)
{
    struct instant instant;
    cr_assert(instant_read(slice_str(text), &instant), "%s", text);
    return instant_part(&instant, part);
}

Test(instant, weeks_are_those_of_iso_8601)
{
    static const struct {
        const char *text;
        double week;
    } cases[] = {{"2026-01-01", 1},  {"2027-01-01", 53}, {"2027-01-04", 1}, {"2024-12-30", 1},
                 {"2024-12-29", 52}, {"2021-01-03", 53}, {"1970-01-01", 1}, {"2026-11-24", 48}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_eq(part_of(cases[i].text, TIME_WEEK), cases[i].week, "%s", cases[i].text);
    }
}

Test(instant, text_is_read_as_it_stands_and_numbers_as_utc)
{
    cr_expect_eq(part_of("2026-11-24T23:40:00+05:00", TIME_HOUR), 23);
    cr_expect_eq(part_of("2026-11-24 23:40:00", TIME_MINUTE), 40);
    cr_expect_eq(part_of("0", TIME_YEAR), 1970);
    cr_expect_eq(part_of("1795505000", TIME_MONTH), 11);
    cr_expect_eq(part_of("1795505000123", TIME_DAY), part_of("1795505000", TIME_DAY));
    cr_expect_eq(part_of("1795505000.5", TIME_HOUR), part_of("1795505000", TIME_HOUR));
}

Test(instant, refuses_what_is_no_date)
{
    static const char *const texts[] = {
        "",           "x",          "2026-13-01", "2026-00-01",       "2026-01-32",
        "2026/01/01", "1969-01-01", "-5",         "2026-01-01T25:00", "2026-01-01Tab:00"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct instant instant;
        cr_expect_not(instant_read(slice_str(texts[i]), &instant), "%s", texts[i]);
    }
}
