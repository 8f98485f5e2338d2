/* SPDX-License-Identifier: Apache-2.0 */
/* time — instants as int64_t microseconds since 1970-01-01T00:00:00Z (suffix `_us`).
 *
 * Pure: nothing here reads a clock (ingest/host/clock does). Source: RFC 3339, and what SDKs really
 * send (zone missing = UTC, a space instead of T, 0 to 9 fraction digits).
 */
#pragma once
#include "ingest/base/slice.h"
#include <stdint.h>

#define TIME_US_PER_S  INT64_C(1000000)
#define TIME_US_PER_MS INT64_C(1000)

/* "2026-11-24T07:40:00.123456Z" and a NUL. */
#define TIME_TEXT_BYTES 28u

/* Fills from RFC 3339 text. False, `out_us` untouched: not a date, or outside years 1970 to 9999.
 */
bool time_parse(struct slice text, int64_t *out_us);

/* Fills from decimal seconds ("1700000000.25", exponents allowed); false when not a finite number
 * or outside years 1970 to 9999. */
bool time_parse_seconds(struct slice text, int64_t *out_us);

/* Fills RFC 3339 text in UTC with `digits` (0, 3 or 6) of fraction and a NUL. Times outside years
 * 1970 to 9999 are clamped. */
void time_format(int64_t us, unsigned digits, char out[static TIME_TEXT_BYTES]);

/* Days since 1970-01-01 of a proleptic Gregorian date; month 1 to 12, day 1 to 31. */
int64_t time_days(int64_t year, unsigned month, unsigned day);
