/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/h2o_time.h"

#include <criterion/criterion.h>
#include <h2o.h>

#include <time.h>

static double seconds(struct timespec at)
{
    return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

Test(h2o_time, is_what_the_whole_process_calls)
{
    cr_expect(h2o_time_is_monotonic());
}

Test(h2o_time, gives_libh2o_the_monotonic_clock)
{
    struct timespec monotonic;
    h2o_evloop_t *loop = h2o_evloop_create();
    clock_gettime(CLOCK_MONOTONIC, &monotonic);

    double now = (double)h2o_now(loop) / 1e3;

    cr_expect_float_eq(now, seconds(monotonic), 1.0);
    h2o_evloop_destroy(loop);
}

Test(h2o_time, dates_answers_with_the_wall_clock)
{
    h2o_globalconf_t config;
    h2o_context_t context;
    h2o_config_init(&config);
    h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    h2o_evloop_t *loop = h2o_evloop_create();
    h2o_context_init(&context, loop, &config);
    h2o_mem_pool_t pool;
    h2o_mem_init_pool(&pool);

    h2o_timestamp_t stamp;
    time_t before = time(NULL);
    h2o_get_timestamp(&context, &pool, &stamp);

    struct tm parsed = {0};
    cr_assert_not_null(strptime(stamp.str->rfc1123, "%a, %d %b %Y %H:%M:%S GMT", &parsed));
    time_t date = timegm(&parsed);
    cr_expect(date >= before && date <= before + 1, "%s", stamp.str->rfc1123);
    h2o_mem_clear_pool(&pool);
    h2o_context_dispose(&context);
    h2o_config_dispose(&config);
    h2o_evloop_destroy(loop);
}
