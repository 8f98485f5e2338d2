/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/host/clock.h"

#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include <time.h>

static int64_t read_clock(clockid_t which)
{
    struct timespec now;
    MUST(clock_gettime(which, &now) == 0);
    return (int64_t)now.tv_sec * TIME_US_PER_S + now.tv_nsec / 1000;
}

int64_t clock_wall_us(void)
{
    return read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic_us(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t clock_monotonic_ns(void)
{
    struct timespec now;
    MUST(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}
