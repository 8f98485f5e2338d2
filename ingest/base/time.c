/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/time.h"
#include "ingest/base/must.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define SECONDS_PER_DAY INT64_C(86400)
/* 9999-12-31T23:59:59.999999Z */
#define MAX_US (INT64_C(253402300799) * TIME_US_PER_S + 999999)

/* Howard Hinnant's days_from_civil: eras of 400 years, months from March. */
int64_t time_days(int64_t year, unsigned month, unsigned day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t march_month = (int64_t)month + (month > 2 ? -3 : 9);
    int64_t day_of_year = (153 * march_month + 2) / 5 + (int64_t)day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

/* Takes exactly `count` digits off the front. */
static bool digits(struct slice *text, unsigned count, int64_t *out)
{
    if (text->len < count) {
        return false;
    }
    int64_t value = 0;
    for (unsigned i = 0; i < count; i++) {
        if (text->at[i] < '0' || text->at[i] > '9') {
            return false;
        }
        value = value * 10 + (text->at[i] - '0');
    }
    *text = slice_from(*text, count);
    *out = value;
    return true;
}

static bool mark(struct slice *text, const char *allowed)
{
    if (text->len == 0 || strchr(allowed, text->at[0]) == NULL || text->at[0] == '\0') {
        return false;
    }
    *text = slice_from(*text, 1);
    return true;
}

/* The fraction in microseconds; further digits are read and dropped. */
static int64_t fraction(struct slice *text)
{
    int64_t us = 0;
    int64_t unit = 100000;
    while (text->len > 0 && text->at[0] >= '0' && text->at[0] <= '9') {
        us += unit * (text->at[0] - '0');
        unit /= 10;
        *text = slice_from(*text, 1);
    }
    MUST(us < TIME_US_PER_S);
    return us;
}

/* Fills the offset from UTC in seconds; a missing zone is UTC. */
static bool zone(struct slice *text, int64_t *out_s)
{
    *out_s = 0;
    if (text->len == 0 || mark(text, "Zz")) {
        return true;
    }
    int64_t sign = text->at[0] == '-' ? -1 : 1;
    int64_t hours = 0;
    int64_t minutes = 0;
    if (!mark(text, "+-") || !digits(text, 2, &hours)) {
        return false;
    }
    (void)mark(text, ":");
    if (text->len > 0 && !digits(text, 2, &minutes)) {
        return false;
    }
    *out_s = sign * (hours * 3600 + minutes * 60);
    return hours < 24 && minutes < 60;
}

static bool date(struct slice *text, int64_t *out_days)
{
    static const uint8_t month_days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    if (!digits(text, 4, &year) || !mark(text, "-") || !digits(text, 2, &month) ||
        !mark(text, "-") || !digits(text, 2, &day)) {
        return false;
    }
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > month_days[month - 1]) {
        return false;
    }
    MUST(year <= 9999);
    *out_days = time_days(year, (unsigned)month, (unsigned)day);
    return true;
}

bool time_parse(struct slice text, int64_t *out_us)
{
    MUST(out_us != NULL);
    int64_t days = 0;
    int64_t hour = 0;
    int64_t minute = 0;
    int64_t second = 0;
    int64_t offset_s = 0;
    text = slice_trim(text);
    if (!date(&text, &days) || !mark(&text, "Tt ") || !digits(&text, 2, &hour) ||
        !mark(&text, ":") || !digits(&text, 2, &minute)) {
        return false;
    }
    if (mark(&text, ":") && !digits(&text, 2, &second)) {
        return false;
    }
    int64_t us = mark(&text, ".,") ? fraction(&text) : 0;
    if (!zone(&text, &offset_s) || text.len != 0 || hour > 23 || minute > 59 || second > 60) {
        return false;
    }
    int64_t seconds = days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second - offset_s;
    int64_t result = seconds * TIME_US_PER_S + us;
    if (result < 0 || result > MAX_US) {
        return false;
    }
    *out_us = result;
    return true;
}

bool time_parse_seconds(struct slice text, int64_t *out_us)
{
    MUST(out_us != NULL);
    char copy[64];
    if (text.len == 0 || text.len >= sizeof(copy)) {
        return false;
    }
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    char *end = NULL;
    double seconds = strtod(copy, &end);
    if (end != copy + text.len || !isfinite(seconds) || seconds < 0 ||
        seconds > (double)(MAX_US / TIME_US_PER_S)) {
        return false;
    }
    *out_us = (int64_t)llround(seconds * (double)TIME_US_PER_S);
    return true;
}

void time_format(int64_t us, unsigned fraction_digits, char out[static TIME_TEXT_BYTES])
{
    MUST(fraction_digits == 0 || fraction_digits == 3 || fraction_digits == 6);
    us = us < 0 ? 0 : us > MAX_US ? MAX_US : us;
    int64_t z = us / (SECONDS_PER_DAY * TIME_US_PER_S) + 719468;
    int64_t in_day = us % (SECONDS_PER_DAY * TIME_US_PER_S);
    int64_t era = z / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    unsigned day = (unsigned)(day_of_year - (153 * march_month + 2) / 5 + 1) % 100;
    unsigned month = (unsigned)(march_month < 10 ? march_month + 3 : march_month - 9) % 100;
    unsigned year = (unsigned)(year_of_era + era * 400 + (month <= 2 ? 1 : 0)) % 10000;
    unsigned second = (unsigned)(in_day / TIME_US_PER_S) % 86400;
    unsigned part = (unsigned)(in_day % TIME_US_PER_S);
    MUST(month >= 1 && month <= 12 && day >= 1 && day <= 31);
    int length = snprintf(out, TIME_TEXT_BYTES, "%04u-%02u-%02uT%02u:%02u:%02u", year, month, day,
                          second / 3600, second / 60 % 60, second % 60);
    MUST(length == 19);
    if (fraction_digits == 0) {
        snprintf(out + length, TIME_TEXT_BYTES - 19, "Z");
    } else if (fraction_digits == 3) {
        snprintf(out + length, TIME_TEXT_BYTES - 19, ".%03uZ", part / 1000);
    } else {
        snprintf(out + length, TIME_TEXT_BYTES - 19, ".%06uZ", part);
    }
}
