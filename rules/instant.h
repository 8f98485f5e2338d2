/* SPDX-License-Identifier: Apache-2.0 */
/* instant — the parts of a point in time that Sigma's `minute` to `year` look at. Pure.
 *
 * From RFC 3339 text the digits as they stand: the specification knows no time zones. From a number
 * the UTC time it counts: seconds, or milli-, micro- or nanoseconds by its size.
 */
#pragma once
#include "rules/atom.h"

struct instant {
    int64_t days; /* since 1970-01-01 */
    unsigned year;
    unsigned month;
    unsigned day;
    unsigned hour;
    unsigned minute;
};

/* False when `text` is no date. */
bool instant_read(struct slice text, struct instant *out);

/* The week is ISO 8601's. */
double instant_part(const struct instant *instant, enum time_part part);
