/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/fingerprint/parameter.h"

/* Formats that begin with a name, or with the day of the month, the longest first. In them:
 *   a  Sun … Sat          A  Sunday … Saturday, or short   b  Jan … Dec
 *   9  a digit            8  a digit or nothing            z  +0100, GMT, EST, Z
 *   _  one or more spaces (also a single one)              &  a comment in brackets, or nothing
 *   all else itself */
static const char *const named_formats[] = {
    "A, 98 b 99 98:98:98 z",   /* RFC 822 */
    "A, 98_b_9999_98:98:98_z", /* RFC 1123 */
    "A, 98 b 99 98:98 z",
    "A, 98_b_9999_98:98_z",
    "A, 99-b-99 99:99:99 z",      /* RFC 850 */
    "a b 99 9999 99:99:99 GMTz&", /* JavaScript */
    "a_b_98_99:99:99_9999",       /* ctime */
    "b_98_99:99:99_9999",
    "a b 99, 9999",
    "b 99, 9999",
    "a b 99, 99",
    "b 99, 99",
};
static const char *const day_formats[] = {
    "98_b_9999_99:99:99_z",
    "98_b_9999_99:99_z",
};

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(struct slice text, size_t at)
{
    return (class_at(text, at) & CLASS_DIGIT) != 0;
}

/* Length of the name of `names` that stands at `at`; 0 for none. The longest is taken. */
static size_t name_at(struct slice text, size_t at, const struct slice *names, size_t count)
{
    size_t best = 0;
    struct slice rest = slice_from(text, at);
    for (size_t i = 0; i < count && rest.len != 0; i++) {
        if (names[i].at[0] == rest.at[0] && names[i].len > best && slice_starts(rest, names[i])) {
            best = names[i].len;
        }
    }
    return best;
}

static size_t weekday_at(struct slice text, size_t at, bool may_be_long)
{
    static const struct slice names[] = {
        SLICE_INIT("Sun"),       SLICE_INIT("Mon"),      SLICE_INIT("Tue"),
        SLICE_INIT("Wed"),       SLICE_INIT("Thu"),      SLICE_INIT("Fri"),
        SLICE_INIT("Sat"),       SLICE_INIT("Sunday"),   SLICE_INIT("Monday"),
        SLICE_INIT("Tuesday"),   SLICE_INIT("Friday"),   SLICE_INIT("Thursday"),
        SLICE_INIT("Wednesday"), SLICE_INIT("Saturday"),
    };
    return name_at(text, at, names, may_be_long ? 14 : 7);
}

static size_t month_at(struct slice text, size_t at)
{
    static const struct slice names[] = {
        SLICE_INIT("Jan"), SLICE_INIT("Feb"), SLICE_INIT("Mar"), SLICE_INIT("Apr"),
        SLICE_INIT("May"), SLICE_INIT("Jun"), SLICE_INIT("Jul"), SLICE_INIT("Aug"),
        SLICE_INIT("Sep"), SLICE_INIT("Oct"), SLICE_INIT("Nov"), SLICE_INIT("Dec"),
    };
    return name_at(text, at, names, 12);
}

/* +0100, or a zone's name. */
static size_t zone_at(struct slice text, size_t at)
{
    static const struct slice names[] = {
        SLICE_INIT("UT"),  SLICE_INIT("GMT"), SLICE_INIT("UTC"), SLICE_INIT("EST"),
        SLICE_INIT("EDT"), SLICE_INIT("CST"), SLICE_INIT("CDT"), SLICE_INIT("MST"),
        SLICE_INIT("MDT"), SLICE_INIT("PST"), SLICE_INIT("PDT"),
    };
    char sign = byte_at(text, at);
    if (sign == '+' || sign == '-') {
        size_t end = class_end(text, at + 1, CLASS_DIGIT);
        return end == at + 5 ? 5 : 0;
    }
    size_t length = name_at(text, at, names, sizeof(names) / sizeof(names[0]));
    if (length != 0) {
        return length;
    }
    return sign >= 'A' && sign <= 'Z' && sign != 'J' && word_ends(text, at + 1);
}

static size_t comment_at(struct slice text, size_t at)
{
    if (byte_at(text, at) != ' ' || byte_at(text, at + 1) != '(') {
        return 0;
    }
    size_t close = slice_find(slice_from(text, at), ')');
    return at + close < text.len ? close + 1 : 0;
}

/* Length of what `code` stands for at `at`; SIZE_MAX when it is not there. */
static size_t code_at(struct slice text, size_t at, char code)
{
    size_t length = 0;
    switch (code) {
    case 'a':
    case 'A':
        length = weekday_at(text, at, code == 'A');
        break;
    case 'b':
        length = month_at(text, at);
        break;
    case '9':
        length = is_digit(text, at);
        break;
    case '8':
        return is_digit(text, at);
    case 'z':
        length = zone_at(text, at);
        break;
    case '&':
        return comment_at(text, at);
    case '_':
        while (is_space(byte_at(text, at + length))) {
            length++;
        }
        break;
    default:
        length = byte_at(text, at) == code;
    }
    return length != 0 ? length : SIZE_MAX;
}

static size_t format_end(struct slice text, size_t at, const char *format)
{
    for (; *format != '\0'; format++) {
        size_t length = code_at(text, at, *format);
        if (length == SIZE_MAX) {
            return 0;
        }
        at += length;
    }
    return is_digit(text, at) ? 0 : at;
}

static size_t formats_end(struct slice text, size_t at, const char *const *formats, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t end = format_end(text, at, formats[i]);
        MUST(end == 0 || (end > at && end <= text.len));
        if (end != 0) {
            return end;
        }
    }
    return 0;
}

/* Two digits, the first at most `first_max`; gives the place after, or 0. */
static size_t two_end(struct slice text, size_t at, char first_max)
{
    return is_digit(text, at) && text.at[at] <= first_max && is_digit(text, at + 1) ? at + 2 : 0;
}

static size_t skip(struct slice text, size_t at, char c)
{
    return byte_at(text, at) == c ? at + 1 : at;
}

/* ".123" or ",123" and nothing else. */
static size_t fraction_end(struct slice text, size_t at)
{
    bool is_point = byte_at(text, at) == '.' || byte_at(text, at) == ',';
    return is_point && is_digit(text, at + 1) ? class_end(text, at + 1, CLASS_DIGIT) : at;
}

/* "Z", "+01:00", "+0100", " +0100", "Z01:00" (Go's way to write both) or nothing. */
static size_t offset_end(struct slice text, size_t at)
{
    size_t sign = skip(text, at, ' ');
    bool is_zulu = byte_at(text, at) == 'Z';
    if (is_zulu) {
        sign = at++;
    } else if (byte_at(text, sign) != '+' && byte_at(text, sign) != '-') {
        return at;
    }
    size_t hours = two_end(text, sign + 1, '2');
    size_t minutes = hours != 0 ? two_end(text, skip(text, hours, ':'), '5') : 0;
    return minutes != 0 && !is_digit(text, minutes) ? minutes : at;
}

/* "T12:30", "T12:30:59.5Z", " 1230" after a date; 0 when there is none. */
static size_t clock_end(struct slice text, size_t at)
{
    size_t hours = two_end(text, at, '2');
    size_t minutes = hours != 0 ? two_end(text, skip(text, hours, ':'), '5') : 0;
    if (minutes == 0) {
        return 0;
    }
    size_t seconds = two_end(text, skip(text, minutes, ':'), '5');
    size_t end = seconds != 0 ? fraction_end(text, seconds) : minutes;
    end = offset_end(text, end);
    MUST(end >= minutes && end <= text.len);
    return is_digit(text, end) ? 0 : end;
}

/* 2026-11-24, with or without a time; 20261124 only with one. */
static size_t iso_end(struct slice text, size_t at)
{
    size_t year = class_end(text, at, CLASS_DIGIT);
    bool is_dashed = year - at == 4 && byte_at(text, year) == '-';
    if (!is_dashed && year - at != 8) {
        return 0;
    }
    size_t month = two_end(text, skip(text, at + 4, '-'), '1');
    size_t day = month != 0 ? two_end(text, skip(text, month, '-'), '3') : 0;
    if (day == 0 || (is_dashed && byte_at(text, month) != '-')) {
        return 0;
    }
    MUST(day > at && day <= text.len);
    char between = byte_at(text, day);
    size_t clock = between == 'T' || is_space(between) ? clock_end(text, day + 1) : 0;
    if (clock != 0) {
        return clock;
    }
    return is_dashed && !is_digit(text, day) ? day : 0;
}

static size_t half_day_end(struct slice text, size_t at)
{
    size_t letter = is_space(byte_at(text, at)) ? at + 1 : at;
    char half = (char)(byte_at(text, letter) | 0x20);
    bool is_half = (half == 'a' || half == 'p') && (byte_at(text, letter + 1) | 0x20) == 'm';
    return is_half && word_ends(text, letter + 2) ? letter + 2 : at;
}

/* 7:05, 07:05:09, 7:05 PM; a part of something longer ("1:2:3:4", "100:20") is none. */
static size_t time_end(struct slice text, size_t at)
{
    size_t hours = class_end(text, at, CLASS_DIGIT);
    if (hours == at || hours - at > 2 || byte_at(text, hours) != ':' ||
        (hours - at == 2 && (text.at[at] > '2' || (text.at[at] == '2' && text.at[at + 1] > '3')))) {
        return 0;
    }
    size_t minutes = two_end(text, hours + 1, '5');
    if (minutes == 0) {
        return 0;
    }
    size_t end = minutes;
    if (byte_at(text, minutes) == ':') {
        size_t seconds = two_end(text, minutes + 1, '5');
        if (seconds == 0) {
            return 0;
        }
        end = fraction_end(text, seconds);
    }
    if (is_digit(text, end) || byte_at(text, end) == ':') {
        return 0;
    }
    MUST(end >= minutes && end <= text.len);
    return half_day_end(text, end);
}

/* Python's repr: datetime.datetime(2026, 11, 24, tzinfo=…). */
static size_t call_end(struct slice text, size_t at)
{
    if (!slice_starts(slice_from(text, at), SLICE("datetime.datetime("))) {
        return 0;
    }
    size_t close = slice_find(slice_from(text, at), ')');
    return at + close < text.len ? at + close + 1 : 0;
}

size_t parameter_date(struct slice text, size_t at)
{
    MUST(at < text.len);
    if (is_digit(text, at)) {
        size_t end = iso_end(text, at);
        end = end != 0 ? end : time_end(text, at);
        return end != 0 ? end : formats_end(text, at, day_formats, 2);
    }
    if (text.at[at] == 'd') {
        return call_end(text, at);
    }
    if (weekday_at(text, at, false) == 0 && month_at(text, at) == 0) {
        return 0;
    }
    return formats_end(text, at, named_formats, sizeof(named_formats) / sizeof(named_formats[0]));
}

/* 12ms, 3s, 0.5s; at the first digit. */
size_t parameter_duration(struct slice text, size_t at)
{
    size_t end = class_end(text, at, CLASS_DIGIT);
    MUST(end >= at);
    if (end == at) {
        return 0;
    }
    if (byte_at(text, end) == '.' && is_digit(text, end + 1)) {
        end = class_end(text, end + 1, CLASS_DIGIT);
    }
    end = skip(text, end, 'm');
    return byte_at(text, end) == 's' && word_ends(text, end + 1) ? end + 1 : 0;
}
