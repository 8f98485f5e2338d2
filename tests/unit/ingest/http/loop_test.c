/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/loop.h"

#include <criterion/criterion.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What callbacks leave behind. */
struct trace {
    struct loop *loop;
    struct loop_timer *timer;
    char text[64];
    unsigned count;
    bool was_turning;
};

static void add(struct trace *trace, char letter)
{
    trace->text[trace->count++] = letter;
    trace->was_turning = loop_is_turning(trace->loop);
}

static void add_a(void *data)
{
    add(data, 'a');
}

static void add_b(void *data)
{
    add(data, 'b');
}

static void stop(void *data)
{
    struct trace *trace = data;
    loop_stop(trace->loop);
}

static void tick(void *data)
{
    struct trace *trace = data;
    trace->count++;
    if (trace->count == 3) {
        loop_cancel(trace->timer);
        loop_stop(trace->loop);
    }
}

Test(loop, runs_posts_in_order_inside_a_turn)
{
    struct trace trace = {.loop = loop_new()};
    cr_assert(loop_post(trace.loop, add_a, &trace));
    cr_assert(loop_post(trace.loop, add_b, &trace));
    cr_assert(loop_post(trace.loop, add_a, &trace));
    cr_assert(loop_post(trace.loop, stop, &trace));

    loop_run(trace.loop);

    cr_expect_str_eq(trace.text, "aba");
    cr_expect(trace.was_turning);
    cr_expect(!loop_is_turning(trace.loop));
    loop_free(trace.loop);
}

Test(loop, runs_what_was_posted_before_the_stop_and_refuses_what_comes_after)
{
    struct trace trace = {.loop = loop_new()};
    loop_stop(trace.loop);
    cr_assert(loop_post(trace.loop, add_a, &trace));

    loop_run(trace.loop);

    cr_expect_str_eq(trace.text, "a");
    cr_expect(!loop_post(trace.loop, add_b, &trace));
    loop_stop(trace.loop);
    loop_free(trace.loop);
}

Test(loop, frees_posts_that_never_ran)
{
    struct trace trace = {.loop = loop_new()};
    cr_assert(loop_post(trace.loop, add_a, &trace));
    loop_defer(trace.loop, add_b, &trace);
    loop_free(trace.loop);
    cr_expect_eq(trace.count, 0u);
}

Test(loop, defers_to_the_end_of_the_turn_and_also_from_a_deferred_call)
{
    struct trace trace = {.loop = loop_new()};
    loop_defer(trace.loop, add_b, &trace);
    loop_turn(trace.loop, 0);
    cr_expect_str_eq(trace.text, "b");
    loop_defer(trace.loop, add_a, &trace);
    loop_defer(trace.loop, add_b, &trace);
    loop_turn(trace.loop, 1000);
    cr_expect_str_eq(trace.text, "bab");
    loop_free(trace.loop);
}

Test(loop, ticks_until_the_timer_is_cancelled_from_its_own_callback)
{
    struct trace trace = {.loop = loop_new()};
    trace.timer = loop_every(trace.loop, 2, tick, &trace);
    uint64_t start = loop_now_ms(trace.loop);

    loop_run(trace.loop);

    cr_expect_eq(trace.count, 3u);
    cr_expect_geq(loop_now_ms(trace.loop) - start, 6u);
    loop_free(trace.loop);
}

Test(loop, frees_timers_that_still_run)
{
    struct trace trace = {.loop = loop_new()};
    trace.timer = loop_every(trace.loop, 1, add_a, &trace);
    cr_assert_not_null(loop_every(trace.loop, 1000000, add_b, &trace));
    loop_turn(trace.loop, 10);
    loop_cancel(trace.timer);
    loop_cancel(NULL);
    loop_free(trace.loop);
    loop_free(NULL);
}

#define POSTERS    4
#define POSTS_EACH 2000

static void count(void *data)
{
    ((struct trace *)data)->count++;
}

static void *post_many(void *data)
{
    struct trace *trace = data;
    for (int i = 0; i < POSTS_EACH; i++) {
        cr_assert(loop_post(trace->loop, count, trace));
    }
    return NULL;
}

static void *run(void *loop)
{
    loop_run(loop);
    return NULL;
}

Test(loop, loses_no_post_of_many_threads)
{
    struct trace trace = {.loop = loop_new()};
    pthread_t runner;
    pthread_t posters[POSTERS];
    cr_assert_eq(pthread_create(&runner, NULL, run, trace.loop), 0);
    for (int i = 0; i < POSTERS; i++) {
        cr_assert_eq(pthread_create(&posters[i], NULL, post_many, &trace), 0);
    }
    for (int i = 0; i < POSTERS; i++) {
        pthread_join(posters[i], NULL);
    }
    loop_stop(trace.loop);
    pthread_join(runner, NULL);
    cr_expect_eq(trace.count, (unsigned)(POSTERS * POSTS_EACH));
    loop_free(trace.loop);
}

Test(loop, wakes_at_once_for_a_post)
{
    struct trace trace = {.loop = loop_new()};
    pthread_t runner;
    cr_assert_eq(pthread_create(&runner, NULL, run, trace.loop), 0);
    struct timespec a_little = {0, 20000000};
    nanosleep(&a_little, NULL);
    struct timespec before;
    struct timespec after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    cr_assert(loop_post(trace.loop, stop, &trace));
    pthread_join(runner, NULL);
    clock_gettime(CLOCK_MONOTONIC, &after);
    double ms = (double)(after.tv_sec - before.tv_sec) * 1e3 +
                (double)(after.tv_nsec - before.tv_nsec) / 1e6;
    cr_expect_lt(ms, 500.0, "%.1f ms", ms);
    loop_free(trace.loop);
}

Test(loop, lends_libh2o_its_loop)
{
    struct loop *loop = loop_new();
    cr_expect_not_null(loop_h2o(loop));
    loop_free(loop);
}
