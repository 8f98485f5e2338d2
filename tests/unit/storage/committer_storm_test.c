/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that can go wrong, in any order, while requests come in; then the books are compared.
 * TOCSIN_STORMS tells how many storms, each with its own seed. */
#include "tests/support/store.h"
#include <criterion/criterion.h>
#include <signal.h>

enum { BLOWS = 30 };

struct storm {
    struct store store;
    unsigned random;
};

static unsigned draw(struct storm *storm, unsigned below)
{
    storm->random = storm->random * 1103515245u + 12345u;
    return (storm->random >> 16) % below;
}

static void sleep_ms(unsigned ms)
{
    (void)nanosleep(&(struct timespec){0, 1000000 * (long)ms}, NULL);
}

static void tell(struct storm *storm)
{
    story_tell(&storm->store.story, storm->store.journal, 1 + draw(storm, 60));
}

static void lose_requests(struct storm *storm)
{
    relay_lose_requests(&storm->store.relay, draw(storm, 16384));
}

static void lose_replies(struct storm *storm)
{
    relay_lose_replies(&storm->store.relay, draw(storm, 512));
}

static void kill_redis(struct storm *storm)
{
    redis_server_kill(&storm->store.server);
    tell(storm);
    sleep_ms(draw(storm, 20));
    redis_server_restart(&storm->store.server);
}

/* Longer than a command may take. */
static void freeze_redis(struct storm *storm)
{
    (void)kill(storm->store.server.pid, SIGSTOP);
    tell(storm);
    sleep_ms(60 + draw(storm, 60));
    (void)kill(storm->store.server.pid, SIGCONT);
}

static void flush_redis(struct storm *storm)
{
    (void)store_command(&storm->store, "FLUSHALL");
}

static void flush_functions(struct storm *storm)
{
    (void)store_command(&storm->store, "FUNCTION FLUSH");
}

static void restart(struct storm *storm)
{
    store_stop(&storm->store, draw(storm, 2) == 0 ? 0 : 20);
    storm->store.options.queue_max = draw(storm, 2) == 0 ? 1 : 0;
    store_start(&storm->store);
}

static void calm(struct storm *storm)
{
    store_catch_up(&storm->store);
}

static void blow(struct storm *storm)
{
    static void (*const blows[])(struct storm *) = {
        tell,         lose_requests, lose_requests,   lose_replies, lose_replies, kill_redis,
        freeze_redis, flush_redis,   flush_functions, restart,      restart,      calm};
    tell(storm);
    sleep_ms(draw(storm, 12));
    blows[draw(storm, sizeof blows / sizeof blows[0])](storm);
    tell(storm);
}

static void run(unsigned seed)
{
    struct storm storm = {.random = seed};
    store_open(&storm.store, seed);
    store_stop(&storm.store, 0);
    storm.store.options.redis.command_ms = 50;
    store_start(&storm.store);

    for (unsigned i = 0; i < BLOWS; i++) {
        blow(&storm);
    }
    tell(&storm);
    store_wait(&storm.store);

    cr_expect_eq(store_state(&storm.store).damaged, 0, "storm %u", seed);
    cr_expect_eq(store_differences(&storm.store), 0, "storm %u", seed);
    store_close(&storm.store);
}

Test(committer_storm, whatever_breaks_each_event_is_counted_once, .timeout = 1000)
{
    const char *told = getenv("TOCSIN_STORMS");
    unsigned storms = told != NULL ? (unsigned)strtoul(told, NULL, 10) : 1;

    for (unsigned seed = 1; seed <= storms; seed++) {
        run(seed);
    }
}
