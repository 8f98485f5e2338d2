/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/instant.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"

#define DAY_S INT64_C(86400)

/* `count` digits at `from`; false when they are not all digits. */
static bool digits(struct slice text, size_t from, size_t count, unsigned *out)
{
    unsigned number = 0;
    if (text.len < from + count) {
        return false;
    }
    for (size_t i = from; i < from + count; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') {
            return false;
        }
        number = number * 10 + (unsigned)(text.at[i] - '0');
    }
    *out = number;
    return true;
}

static bool read_text(struct slice text, struct instant *out)
{
    struct instant t = {0};
    if (!digits(text, 0, 4, &t.year) || !digits(text, 5, 2, &t.month) ||
        !digits(text, 8, 2, &t.day) || text.at[4] != '-' || text.at[7] != '-') {
        return false;
    }
    if (t.year < 1970 || t.month < 1 || t.month > 12 || t.day < 1 || t.day > 31) {
        return false;
    }
    if (text.len > 10 && (!digits(text, 11, 2, &t.hour) || !digits(text, 14, 2, &t.minute) ||
                          t.hour > 23 || t.minute > 59)) {
        return false;
    }
    t.days = time_days((int64_t)t.year, t.month, t.day);
    *out = t;
    return true;
}

static bool read_number(struct slice text, struct instant *out)
{
    struct value value = {.kind = VALUE_STRING, .of.text = text};
    double seconds = 0;
    if (!value_real(&value, &seconds) || seconds < 0) {
        return false;
    }
    while (seconds > 1e11) { /* the year 5138 in seconds: it counts something finer */
        seconds /= 1000;
    }
    char written[TIME_TEXT_BYTES];
    time_format((int64_t)seconds * TIME_US_PER_S, 0, written);
    return read_text(slice_str(written), out);
}

bool instant_read(struct slice text, struct instant *out)
{
    return read_text(text, out) || read_number(text, out);
}

/* The week whose Thursday lies in the same year as this week's Thursday. */
static unsigned iso_week(int64_t days)
{
    int64_t weekday = (days + 3) % 7; /* Monday 0; 1970-01-01 was a Thursday */
    int64_t thursday = days - weekday + 3;
    char written[TIME_TEXT_BYTES];
    time_format(thursday * DAY_S * TIME_US_PER_S, 0, written);
    unsigned year = 0;
    MUST(digits(slice_str(written), 0, 4, &year));
    return (unsigned)((thursday - time_days((int64_t)year, 1, 1)) / 7 + 1);
}

double instant_part(const struct instant *instant, enum time_part part)
{
    switch (part) {
    case TIME_MINUTE:
        return instant->minute;
    case TIME_HOUR:
        return instant->hour;
    case TIME_DAY:
        return instant->day;
    case TIME_WEEK:
        return iso_week(instant->days);
    case TIME_MONTH:
        return instant->month;
    case TIME_YEAR:
        return instant->year;
    }
    NEVER("part of time outside its enum");
}
