/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/host/clock.h"

#include <criterion/criterion.h>
#include <time.h>

Test(clock, wall_time_is_in_microseconds_since_1970)
{
    int64_t before = (int64_t)time(NULL) * 1000000;

    int64_t now = clock_wall_us();

    cr_expect(now >= before - 1000000 && now <= before + 60000000);
}

Test(clock, monotonic_time_never_steps_back)
{
    int64_t last = clock_monotonic_us();

    for (int i = 0; i < 10000; i++) {
        int64_t now = clock_monotonic_us();
        cr_assert(now >= last);
        last = now;
    }
}
