/* SPDX-License-Identifier: Apache-2.0 */
/* store — what the journal and the way into Redis can take.
 *
 * Journal: records with a body of 1.5 KB, with one and with many of them under way at a time;
 * records a second, how many share a sync, and the median wait for an answer. Redis: events in
 * batches of COMMIT_EVENTS_MAX through one applier, all of one issue, of 10,000 issues, and of one
 * issue whose every title differs; events a second, one core of Redis and one of ours.
 *
 *   bench_store FOLDER REDIS-URL      an empty folder on the disk to measure, and an empty Redis
 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/host/clock.h"
#include "ingest/host/random.h"
#include "storage/applier.h"
#include "storage/journal.h"
#include <sched.h>
#include <signal.h>
#include <stdio.h>

enum { SECONDS = 3, BODY_BYTES = 1536, ISSUES = 10000, EVENTS = 200000, UNDER_WAY_MAX = 4096 };

struct slot {
    struct journal_entry entry; /* first */
    int64_t submitted_us;
    int64_t waited_us;
    atomic_bool is_free;
};

static char body[BODY_BYTES];

static void answered(struct journal_entry *entry, struct fault fault)
{
    struct slot *slot = (struct slot *)(void *)entry;
    MUST(!fault_is(fault));
    slot->waited_us = clock_monotonic_us() - slot->submitted_us;
    journal_entry_drop(entry);
}

static void released(struct journal_entry *entry)
{
    atomic_store(&((struct slot *)(void *)entry)->is_free, true);
}

static int by_value(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

static void submit(struct journal *journal, struct slot *slot)
{
    atomic_store(&slot->is_free, false);
    slot->submitted_us = clock_monotonic_us();
    slot->entry = (struct journal_entry){.record = {.received_us = slot->submitted_us,
                                                    .project = 1,
                                                    .kind = RECORD_STORE,
                                                    .body = slice_of(body, sizeof body)},
                                         .answer = answered,
                                         .release = released};
    journal_submit(journal, &slot->entry);
}

static void measure_journal(const char *folder, unsigned under_way)
{
    static struct slot slots[UNDER_WAY_MAX];
    static int64_t waits[4000000];
    char why[256];
    struct journal *journal = NULL;
    struct journal_state state;
    struct journal_options options = {.folder = folder, .bytes_max = UINT64_C(1) << 33};
    MUST(!fault_is(journal_open(&options, &journal, why)));
    journal_start(journal, NULL, NULL);
    for (unsigned i = 0; i < under_way; i++) {
        atomic_store(&slots[i].is_free, true);
        slots[i].waited_us = -1;
    }
    size_t count = 0;
    int64_t started_us = clock_monotonic_us();
    for (unsigned i = 0; clock_monotonic_us() < started_us + SECONDS * 1000000; i++) {
        struct slot *slot = &slots[i % under_way];
        while (!atomic_load(&slot->is_free)) {
            (void)sched_yield();
        }
        if (slot->waited_us >= 0 && count < sizeof waits / sizeof waits[0]) {
            waits[count++] = slot->waited_us;
        }
        submit(journal, slot);
    }
    journal_stop(journal);
    double seconds = (double)(clock_monotonic_us() - started_us) / 1e6;
    journal_state(journal, &state);
    qsort(waits, count, sizeof waits[0], by_value);
    printf("journal, %4u under way: %8.0f records/s, %6.1f a sync, wait %lld us, p99 %lld us\n",
           under_way, (double)state.records / seconds, (double)state.records / (double)state.groups,
           (long long)waits[count / 2], (long long)waits[count * 99 / 100]);
    journal_applied(journal, state.end);
    journal_close(journal);
}

static char titles[COMMIT_EVENTS_MAX][64];

static void fill(struct effect *effect, unsigned number, unsigned issues, bool has_own_title)
{
    char *title = titles[number % COMMIT_EVENTS_MAX];
    (void)snprintf(title, sizeof titles[0], "ValueError: no such thing %u",
                   has_own_title ? number : number % issues);
    *effect = (struct effect){.project = 1,
                              .partition = 1,
                              .event = random_id(),
                              .hash_count = 1,
                              .at_us = INT64_C(1800000000000000) + (int64_t)number * 1000,
                              .received_us = INT64_C(1800000000000000) + (int64_t)number * 1000,
                              .level = LEVEL_ERROR,
                              .type = EVENT_ERROR,
                              .title = slice_str(title),
                              .culprit = SLICE("app.views in checkout"),
                              .platform = SLICE("python"),
                              .environment = SLICE("production"),
                              .release = SLICE("shop@1.2.3")};
    uint32_t issue = 1 + number % issues;
    memcpy(effect->hashes[0].bytes, &issue, sizeof issue);
}

static void measure_commits(const char *url, const char *name, unsigned issues, bool has_own_title)
{
    static struct effect effects[COMMIT_EVENTS_MAX];
    struct redis_options options;
    struct applier applier;
    MUST(!fault_is(redis_parse(slice_str(url), &options)));
    applier_init(&applier, &options, random_id(), 3600);
    MUST(applier_connect(&applier, 0));
    int64_t spent_us = 0;
    for (unsigned number = 0; number < EVENTS;) {
        for (unsigned i = 0; i < COMMIT_EVENTS_MAX; i++, number++) {
            fill(&effects[i], number, issues, has_own_title);
        }
        int64_t started_us = clock_monotonic_us();
        for (unsigned i = 0; i < COMMIT_EVENTS_MAX; i++) {
            batch_add(applier.batch, number - COMMIT_EVENTS_MAX + i + 1, &effects[i]);
        }
        MUST(applier_commit(&applier, number));
        spent_us += clock_monotonic_us() - started_us;
    }
    MUST(applier.counts.events == EVENTS);
    printf("redis, %-28s %8.0f events/s, %5.1f ms a batch of %u\n", name,
           EVENTS / ((double)spent_us / 1e6),
           (double)spent_us / 1e3 / (double)applier.counts.batches, COMMIT_EVENTS_MAX);
    applier_done(&applier);
}

int main(int count, char **arguments)
{
    if (count != 3) {
        fprintf(stderr, "usage: bench_store FOLDER REDIS-URL\n");
        return 64;
    }
    (void)signal(SIGPIPE, SIG_IGN);
    random_bytes(body, sizeof body);
    measure_journal(arguments[1], 1);
    measure_journal(arguments[1], 64);
    measure_journal(arguments[1], 1024);
    measure_commits(arguments[2], "all of one issue:", 1, false);
    measure_commits(arguments[2], "one issue, titles differ:", 1, true);
    measure_commits(arguments[2], "of 10,000 issues:", ISSUES, false);
    return 0;
}
