/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/policy/duration.h"
#include "ingest/base/must.h"

#define MS_US      INT64_C(1000)
#define SECOND_US  (1000 * MS_US)
#define DAY_US     (86400 * SECOND_US)
#define LONGEST_US (100 * 365 * DAY_US)

static const struct unit {
    struct slice name;
    int64_t us;
} units[] = {{SLICE_INIT("y"), 365 * DAY_US}, {SLICE_INIT("w"), 7 * DAY_US},
             {SLICE_INIT("d"), DAY_US},       {SLICE_INIT("h"), 3600 * SECOND_US},
             {SLICE_INIT("ms"), MS_US},       {SLICE_INIT("m"), 60 * SECOND_US},
             {SLICE_INIT("s"), SECOND_US}};

#define UNIT_COUNT (sizeof(units) / sizeof(units[0]))

/* The unit `text` begins with; `ms` stands before `m` so that it is seen first. */
static size_t unit_at(struct slice text)
{
    for (size_t i = 0; i < UNIT_COUNT; i++) {
        if (slice_starts(text, units[i].name)) {
            return i;
        }
    }
    return UNIT_COUNT;
}

static bool read_number(struct slice *text, int64_t *out)
{
    int64_t number = 0;
    size_t i = 0;
    for (; i < text->len && text->at[i] >= '0' && text->at[i] <= '9'; i++) {
        number = number * 10 + (text->at[i] - '0');
        if (number > LONGEST_US) {
            return false;
        }
    }
    *text = slice_from(*text, i);
    *out = number;
    return i != 0;
}

bool duration_parse(struct slice text, int64_t *out_us)
{
    MUST(out_us != NULL);
    int64_t total_us = 0;
    int64_t before_us = INT64_MAX; /* the unit before this one */
    if (slice_eq(text, SLICE("0"))) {
        *out_us = 0;
        return true;
    }
    if (slice_is_empty(text)) {
        return false;
    }
    while (text.len != 0) {
        int64_t number = 0;
        if (!read_number(&text, &number)) {
            return false;
        }
        size_t unit = unit_at(text);
        if (unit == UNIT_COUNT || units[unit].us >= before_us ||
            number > LONGEST_US / units[unit].us) {
            return false;
        }
        MUST(number >= 0 && units[unit].us > 0);
        before_us = units[unit].us;
        total_us += number * before_us;
        text = slice_from(text, units[unit].name.len);
    }
    if (total_us > LONGEST_US) {
        return false;
    }
    MUST(total_us >= 0);
    *out_us = total_us;
    return true;
}
