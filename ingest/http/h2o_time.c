/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/h2o_time.h"
#include "ingest/base/must.h"

#include <h2o.h>

#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>

#pragma GCC visibility push(default)

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    (void)zone;
    struct timespec monotonic;
    MUST(clock_gettime(CLOCK_MONOTONIC, &monotonic) == 0);
    now->tv_sec = monotonic.tv_sec;
    now->tv_usec = (suseconds_t)(monotonic.tv_nsec / 1000);
    return 0;
}

/* As in libh2o's lib/core/context.c, but for where the text's time comes from. */
void h2o_context_update_timestamp_cache(h2o_context_t *context)
{
    time_t before = context->_timestamp_cache.tv_at.tv_sec;
    context->_timestamp_cache.uv_now_at = h2o_now(context->loop);
    gettimeofday(&context->_timestamp_cache.tv_at, NULL);
    if (context->_timestamp_cache.tv_at.tv_sec == before) {
        return;
    }
    if (context->_timestamp_cache.value != NULL) {
        h2o_mem_release_shared(context->_timestamp_cache.value);
    }
    h2o_timestamp_string_t *text = h2o_mem_alloc_shared(NULL, sizeof *text, NULL);
    time_t wall = time(NULL);
    struct tm utc;
    gmtime_r(&wall, &utc);
    h2o_time2str_rfc1123(text->rfc1123, &utc);
    h2o_time2str_log(text->log, wall);
    context->_timestamp_cache.value = text;
}

#pragma GCC visibility pop

bool h2o_time_is_monotonic(void)
{
    union {
        void *found;
        int (*function)(struct timeval *restrict, void *restrict);
    } symbol = {.found = dlsym(RTLD_DEFAULT, "gettimeofday")};
    return symbol.function == gettimeofday;
}
