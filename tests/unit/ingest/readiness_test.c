/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/host/clock.h"
#include "ingest/readiness.h"
#include "storage/committer.h"
#include "tests/support/journal.h"
#include "tests/support/redis.h"
#include <criterion/criterion.h>
#include <errno.h>

static struct redis_server redis;
static struct journal *journal;
static struct committer *committer;
static struct readiness readiness;
static char folder[64];
static char why[512];

static struct fault replay_nothing(void *context, const struct record *record, struct arena *keep,
                                   struct effect **out)
{
    (void)context;
    (void)record;
    (void)keep;
    *out = NULL;
    return FAULT_OK;
}

static void start(const char *url)
{
    struct committer_options options = {.journal = journal, .replay = replay_nothing};
    cr_assert_not(fault_is(redis_parse(slice_str(url), &options.redis)));
    committer = committer_new(&options);
    readiness = (struct readiness){
        .journal = journal, .committer = committer, .started_us = clock_monotonic_us()};
    committer_start(committer);
    journal_start(journal, committer_take, committer);
}

static void setup(void)
{
    place_scratch(folder);
    journal = test_journal_open(folder, 0);
}

static void teardown(void)
{
    journal_stop(journal);
    committer_stop(committer, 100);
    committer_free(committer);
    journal_close(journal);
    place_remove(folder);
}

TestSuite(readiness, .init = setup, .fini = teardown);

static bool becomes_ready(void)
{
    for (unsigned i = 0; i < 5000; i++) {
        if (readiness_is(&readiness, why, sizeof(why))) {
            return true;
        }
        test_pause();
    }
    return false;
}

Test(readiness, a_fresh_start_waits_for_redis_but_not_for_ever)
{
    start("unix:/nonexistent/redis.sock");

    cr_expect_not(readiness_is(&readiness, why, sizeof(why)));
    cr_expect_not_null(strstr(why, "not ready: starting; Redis is away"), "%s", why);

    readiness.started_us -= READINESS_WAIT_US - 1000000;
    cr_expect_not(readiness_is(&readiness, why, sizeof(why)), "a second before");
    readiness.started_us -= 1000001;
    cr_expect(readiness_is(&readiness, why, sizeof(why)), "past it: %s", why);
    cr_expect_not_null(strstr(why, "events are kept in the journal"), "%s", why);
}

Test(readiness, once_redis_was_there_its_going_is_no_reason)
{
    redis_server_start(&redis);
    start(redis.url);
    cr_assert(becomes_ready(), "%s", why);
    cr_expect_str_eq(why, "ready\n");

    redis_server_kill(&redis);

    struct committer_state state = {.connected = true};
    while (state.connected) {
        test_pause();
        committer_state(committer, &state);
    }
    cr_expect(readiness_is(&readiness, why, sizeof(why)));
    cr_expect_not_null(strstr(why, "ready; Redis is away"), "%s", why);
    redis_server_stop(&redis);
}

Test(readiness, whoever_stops_is_not_ready_whatever_else_is_well)
{
    start("unix:/nonexistent/redis.sock");
    atomic_store(&readiness.was_connected, true);
    cr_assert(readiness_is(&readiness, why, sizeof(why)));

    atomic_store(&readiness.is_stopping, true);

    cr_expect_not(readiness_is(&readiness, why, sizeof(why)));
    cr_expect_str_eq(why, "not ready: stopping\n");
}

static ssize_t write_fails(void *context, int fd, const void *bytes, size_t size, off_t offset)
{
    (void)context;
    (void)fd;
    (void)bytes;
    (void)size;
    (void)offset;
    errno = EIO;
    return -1;
}

Test(readiness, a_journal_that_cannot_keep_anything_is_a_reason)
{
    struct disk broken = *disk_real();
    struct test_entry entry;
    char text[256] = "";
    broken.pwrite = write_fails;
    journal_close(journal);
    const struct journal_options options = {
        .folder = folder, .bytes_max = UINT64_C(1) << 40, .disk = &broken};
    cr_assert_not(fault_is(journal_open(&options, &journal, text)), "%s", text);
    start("unix:/nonexistent/redis.sock");
    atomic_store(&readiness.was_connected, true);

    test_journal_write(journal, &entry, 1, 1);

    cr_assert_eq(entry.answer, FAULT_UNAVAILABLE);
    cr_expect_not(readiness_is(&readiness, why, sizeof(why)));
    cr_expect(strncmp(why, "not ready: ", 11) == 0 && strlen(why) > 13, "%s", why);
}

Test(readiness, a_reason_longer_than_its_room_is_cut)
{
    char small[8];
    start("unix:/nonexistent/redis.sock");

    cr_expect_not(readiness_is(&readiness, small, sizeof(small)));

    cr_expect_str_eq(small, "not rea");
}
