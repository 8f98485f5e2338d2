/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/committer.h"

#include "tests/support/store.h"
#include <criterion/criterion.h>
#include <signal.h>

static struct store store;

static void set_up(void)
{
    store_open(&store, 1);
}

static void tear_down(void)
{
    store_close(&store);
}

TestSuite(committer, .init = set_up, .fini = tear_down, .timeout = 100);

Test(committer, redis_holds_what_the_events_one_by_one_make)
{
    story_tell(&store.story, store.journal, 1500);

    store_wait(&store);
    struct committer_state state = store_state(&store);
    cr_expect_eq(store_differences(&store), 0);
    cr_expect_eq(state.batch_events, state.events + state.duplicates);
    cr_expect(state.duplicates > 50 && state.issues_new > 50);
    cr_expect(state.batches < state.batch_events, "it coalesces");
    cr_expect_str_empty(state.error);
}

Test(committer, behind_and_ahead_by_turns_counts_each_event_once)
{
    store_stop(&store, 0);
    store.options.queue_max = 1;
    store_start(&store);

    for (unsigned i = 0; i < 400; i++) {
        story_tell(&store.story, store.journal, 1 + i % 7);
        (void)nanosleep(&(struct timespec){0, 100000 * (long)(i % 40)}, NULL);
    }
    store_wait(&store);
    cr_expect_eq(store_state(&store).damaged, 0);
    cr_expect(store_state(&store).replayed > 100);
    cr_expect_eq(store_differences(&store), 0);
}

Test(committer, lost_requests_and_lost_replies_count_each_event_once)
{
    unsigned seed = 7;

    for (unsigned i = 0; i < 60; i++) {
        seed = seed * 1103515245u + 12345u;
        if (i % 2 == 0) {
            relay_lose_requests(&store.relay, seed >> 16 & 8191);
        } else {
            relay_lose_replies(&store.relay, seed >> 16 & 255);
        }
        while (atomic_load(&store.relay.breaks) == i) {
            story_tell(&store.story, store.journal, 10);
            test_pause();
        }
        store_catch_up(&store);
    }
    cr_expect(store_state(&store).connects > 50);
    cr_expect_eq(store_differences(&store), 0);
}

Test(committer, a_redis_that_is_killed_again_and_again_counts_each_event_once)
{
    for (unsigned i = 0; i < 8; i++) {
        story_tell(&store.story, store.journal, 150);
        (void)nanosleep(&(struct timespec){0, 2000000 * (long)(i + 1)}, NULL);
        redis_server_kill(&store.server);
        story_tell(&store.story, store.journal, 50);
        redis_server_restart(&store.server);
    }
    store_wait(&store);
    cr_expect_eq(store_differences(&store), 0);
}
