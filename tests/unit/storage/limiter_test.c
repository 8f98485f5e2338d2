/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/time.h"
#include "ingest/host/clock.h"
#include "storage/limiter.h"
#include "tests/support/redis.h"
#include <criterion/criterion.h>
#include <time.h>

static const struct bucket_name NAME = {7, SLICE_INIT("few"), SLICE_INIT("key")};

static struct limiter *limiter_at(const char *url)
{
    struct redis_options options;
    cr_assert_not(fault_is(redis_parse(slice_str(url), &options)));
    struct limiter *limiter = limiter_new(&options);
    cr_assert_not_null(limiter);
    return limiter;
}

static unsigned take_many(struct limiter *limiter, struct bucket_size size, unsigned count,
                          int64_t now_us)
{
    unsigned taken = 0;
    uint32_t wait_s = 0;
    for (unsigned i = 0; i < count; i++) {
        taken += limiter_take(limiter, &NAME, size, 1, now_us, &wait_s);
    }
    return taken;
}

Test(limiter, without_redis_a_node_keeps_its_limits_alone)
{
    struct limiter *limiter = limiter_at("unix:/nonexistent/redis.sock");
    const struct bucket_size size = {10, 100};
    int64_t now_us = clock_monotonic_us();
    uint32_t wait_s = 0;
    cr_expect_eq(take_many(limiter, size, 50, now_us), 10u);
    cr_expect_not(limiter_take(limiter, &NAME, size, 1, now_us, &wait_s));
    cr_expect(wait_s >= 10 && wait_s <= 11, "%u", wait_s);
    cr_expect_eq(take_many(limiter, size, 50, now_us + 50 * TIME_US_PER_S), 5u, "half is back");
    cr_expect_eq(take_many(limiter, size, 50, now_us + 900 * TIME_US_PER_S), 10u, "and no more");
    cr_expect_not(limiter_is_shared(limiter));
    limiter_free(limiter);
}

Test(limiter, nodes_share_a_bucket_a_moment_later, .timeout = 30)
{
    struct redis_server server;
    const struct bucket_size size = {10, 3600};
    const struct timespec pause = {.tv_nsec = 700000000L};
    redis_server_start(&server);
    struct limiter *one = limiter_at(server.url);
    struct limiter *two = limiter_at(server.url);
    cr_expect_eq(take_many(one, size, 6, clock_monotonic_us()), 6u);
    (void)nanosleep(&pause, NULL);
    cr_expect(limiter_is_shared(one));
    cr_expect_eq(take_many(two, size, 1, clock_monotonic_us()), 1u);
    (void)nanosleep(&pause, NULL);
    cr_expect_eq(take_many(two, size, 10, clock_monotonic_us()), 3u, "what the other one left");
    limiter_free(one);
    limiter_free(two);
    redis_server_stop(&server);
}
