/* SPDX-License-Identifier: Apache-2.0 */
/* h2o_time — gives libh2o a clock that only goes forward.
 *
 * libh2o 2.2.5 times everything with gettimeofday: a clock set back by 8 s froze all its timers,
 * among them those that write HTTP/2 answers, for 8 s. It calls the function through the symbol
 * table, so the one defined here (CLOCK_MONOTONIC, seconds since boot) is what it gets. The Date
 * header, the one wall-clock thing it makes, is built here too, from CLOCK_REALTIME.
 *
 * For the whole process, gettimeofday is therefore good for durations only. Nothing of ours uses it
 * (ingest/host/clock uses clock_gettime).
 */
#pragma once
#include <stdbool.h>

/* False when the process still finds another gettimeofday first: a linking mistake. */
bool h2o_time_is_monotonic(void);
