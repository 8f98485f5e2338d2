/* SPDX-License-Identifier: Apache-2.0 */
/* clock — what time it is. The pure core gets times as arguments instead. Any thread. */
#pragma once
#include <stdint.h>

/* Microseconds since 1970-01-01T00:00:00Z; may step back when the clock is set. */
int64_t clock_wall_us(void);

/* Microseconds since some start; never steps back. For durations and deadlines. */
int64_t clock_monotonic_us(void);

/* Nanoseconds of the same clock: for what takes less than that. */
uint64_t clock_monotonic_ns(void);
