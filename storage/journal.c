/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/journal.h"

#include "ingest/base/must.h"
#include "ingest/host/clock.h"
#include "storage/journal_inside.h"
#include "storage/queue.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

/* How often a full journal looks whether there is space again, without being asked. */
enum { FULL_RETRY_MS = 250 };

struct journal {
    struct segments *segments;
    struct queue queue;
    uint32_t salt;
    char *group;      /* RECORD_BYTES_MAX: one group's records */
    int64_t pause_us; /* the thread's: before the next group is taken */
    void (*next)(void *stage, struct journal_entry *first);
    void *stage;
    pthread_t thread;
    bool is_running;
    atomic_bool stopping;
    atomic_uint_least64_t end;
    atomic_uint_least64_t records;
    atomic_uint_least64_t groups;
    atomic_uint_least64_t refused;
    atomic_uint_least64_t sync_us;
    pthread_mutex_t lock; /* the two below */
    enum journal_condition condition;
    char why[192];
};

struct fault journal_open(const struct journal_options *options, struct journal **out,
                          char why[static 256])
{
    MUST(options != NULL && out != NULL);
    struct segments *segments = NULL;
    struct fault fault = segments_open(options, &segments, why);
    if (fault_is(fault)) {
        return fault;
    }
    struct journal *journal = calloc(1, sizeof *journal);
    MUST(journal != NULL);
    journal->segments = segments;
    journal->salt = record_salt(segments_node(segments));
    journal->group = malloc(RECORD_BYTES_MAX);
    MUST(journal->group != NULL);
    atomic_init(&journal->end, segments_end_at_open(segments));
    queue_init(&journal->queue);
    MUST(pthread_mutex_init(&journal->lock, NULL) == 0);
    *out = journal;
    return FAULT_OK;
}

void journal_entry_drop(struct journal_entry *entry)
{
    unsigned before = atomic_fetch_sub_explicit(&entry->holders, 1, memory_order_acq_rel);
    MUST(before == 1 || before == 2);
    if (before == 1) {
        entry->release(entry);
    }
}

void journal_submit(struct journal *journal, struct journal_entry *entry)
{
    MUST(entry->answer != NULL && entry->release != NULL);
    atomic_store_explicit(&entry->holders, 2, memory_order_relaxed);
    queue_push(&journal->queue, entry);
}

static void refuse(struct journal *journal, struct journal_entry *entry, struct fault fault)
{
    atomic_fetch_add_explicit(&journal->refused, 1, memory_order_relaxed);
    entry->answer(entry, fault);
    journal_entry_drop(entry);
}

static enum journal_condition condition_of(struct journal *journal)
{
    (void)pthread_mutex_lock(&journal->lock);
    enum journal_condition condition = journal->condition;
    (void)pthread_mutex_unlock(&journal->lock);
    return condition;
}

static void set_condition(struct journal *journal, enum journal_condition condition,
                          const char *why)
{
    (void)pthread_mutex_lock(&journal->lock);
    /* FAILED is for good. */
    if (journal->condition != JOURNAL_FAILED) {
        journal->condition = condition;
        (void)snprintf(journal->why, sizeof journal->why, "%s", why);
    }
    (void)pthread_mutex_unlock(&journal->lock);
}

/* A run of entries whose records lie encoded in the journal's group buffer. */
struct group {
    struct journal_entry *first;
    struct journal_entry *last;
    size_t bytes;
    uint64_t before; /* the sequence before the first */
    uint64_t count;
};

/* Moves entries from the list into the group while there is room; refuses those over a limit. */
static struct journal_entry *gather(struct journal *journal, struct journal_entry *list,
                                    struct group *group)
{
    *group = (struct group){.before = atomic_load(&journal->end)};
    while (list != NULL) {
        struct journal_entry *entry = list;
        size_t bytes = record_bytes(&entry->record);
        if (group->count > 0 && group->bytes + bytes > JOURNAL_GROUP_BYTES_MAX) {
            break;
        }
        list = entry->next;
        entry->next = NULL;
        if (bytes == 0) {
            refuse(journal, entry, fault_make(FAULT_TOO_BIG, "journal: field over its limit"));
            continue;
        }
        group->count++;
        entry->record.sequence = group->before + group->count;
        entry->record.durable = group->before;
        record_encode(&entry->record, journal->salt, journal->group + group->bytes);
        group->bytes += bytes;
        *(group->last != NULL ? &group->last->next : &group->first) = entry;
        group->last = entry;
    }
    return list;
}

static void answer_all(struct journal *journal, struct group *group, struct fault fault)
{
    for (struct journal_entry *entry = group->first, *next; entry != NULL; entry = next) {
        next = entry->next;
        if (fault_is(fault)) {
            refuse(journal, entry, fault);
        } else {
            entry->answer(entry, FAULT_OK);
        }
    }
}

static void hand_on(struct journal *journal, struct journal_entry *list)
{
    if (journal->next != NULL) {
        journal->next(journal->stage, list);
        return;
    }
    for (struct journal_entry *next; list != NULL; list = next) {
        next = list->next;
        journal_entry_drop(list);
    }
}

/* Under load some times as long as the sync took: what comes meanwhile shares the next one. */
static int64_t pause_after(uint64_t records, int64_t sync_us)
{
    int64_t pause_us = records < JOURNAL_BUSY_RECORDS ? 0 : JOURNAL_PAUSE_SYNCS * sync_us;
    return pause_us < JOURNAL_PAUSE_US_MAX ? pause_us : JOURNAL_PAUSE_US_MAX;
}

static void rest(struct journal *journal)
{
    struct timespec pause = {.tv_nsec = journal->pause_us * 1000};
    if (journal->pause_us > 0) {
        journal->pause_us = 0;
        (void)nanosleep(&pause, NULL);
    }
}

static enum journal_condition append(struct journal *journal, const struct group *group)
{
    char why[192] = "";
    if (condition_of(journal) == JOURNAL_FAILED) {
        return JOURNAL_FAILED;
    }
    int64_t started_us = clock_monotonic_us();
    enum journal_condition condition =
        segments_append(journal->segments, slice_of(journal->group, group->bytes),
                        group->before + 1, group->before + group->count, why);
    int64_t took_us = clock_monotonic_us() - started_us;
    atomic_fetch_add(&journal->sync_us, (uint64_t)took_us);
    journal->pause_us = pause_after(group->count, took_us);
    set_condition(journal, condition, why);
    return condition;
}

/* Writes, syncs, answers and hands on one group from the list; gives the rest of it. */
static struct journal_entry *run_group(struct journal *journal, struct journal_entry *list)
{
    struct group group;
    list = gather(journal, list, &group);
    if (group.count == 0) {
        return list;
    }
    enum journal_condition condition = append(journal, &group);
    if (condition != JOURNAL_OK) {
        answer_all(journal, &group,
                   fault_make(FAULT_UNAVAILABLE, condition == JOURNAL_FULL
                                                     ? "journal: full"
                                                     : "journal: the disk has failed"));
        return list;
    }
    atomic_store_explicit(&journal->end, group.before + group.count, memory_order_release);
    atomic_fetch_add_explicit(&journal->records, group.count, memory_order_relaxed);
    atomic_fetch_add_explicit(&journal->groups, 1, memory_order_relaxed);
    answer_all(journal, &group, FAULT_OK);
    hand_on(journal, group.first);
    return list;
}

static void look_for_room(struct journal *journal)
{
    char why[192] = "";
    if (condition_of(journal) == JOURNAL_FULL) {
        enum journal_condition condition = segments_make_room(journal->segments, why);
        set_condition(journal, condition, why);
    }
}

static void *run(void *argument)
{
    struct journal *journal = argument;
    for (;;) {
        rest(journal);
        struct journal_entry *list = queue_take(&journal->queue);
        if (list == NULL && atomic_load(&journal->stopping)) {
            return NULL;
        }
        if (list == NULL) {
            look_for_room(journal);
            queue_wait(&journal->queue, condition_of(journal) == JOURNAL_FULL ? FULL_RETRY_MS : -1);
        }
        while (list != NULL) {
            list = run_group(journal, list);
        }
    }
}

void journal_start(struct journal *journal, void (*next)(void *stage, struct journal_entry *first),
                   void *stage)
{
    MUST(!journal->is_running);
    sigset_t all;
    sigset_t before;
    journal->next = next;
    journal->stage = stage;
    atomic_store(&journal->stopping, false);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    MUST(pthread_create(&journal->thread, NULL, run, journal) == 0);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_setname_np(journal->thread, "journal");
    journal->is_running = true;
}

void journal_stop(struct journal *journal)
{
    if (!journal->is_running) {
        return;
    }
    atomic_store(&journal->stopping, true);
    queue_wake(&journal->queue);
    MUST(pthread_join(journal->thread, NULL) == 0);
    journal->is_running = false;
}

void journal_close(struct journal *journal)
{
    journal_stop(journal);
    segments_close(journal->segments);
    queue_done(&journal->queue);
    (void)pthread_mutex_destroy(&journal->lock);
    free(journal->group);
    free(journal);
}

void journal_applied(struct journal *journal, uint64_t sequence)
{
    segments_applied(journal->segments, sequence);
}

void journal_state(struct journal *journal, struct journal_state *out)
{
    memset(out, 0, sizeof *out);
    (void)pthread_mutex_lock(&journal->lock);
    out->condition = journal->condition;
    memcpy(out->text, journal->why, sizeof out->text);
    (void)pthread_mutex_unlock(&journal->lock);
    (void)snprintf(out->damage, sizeof out->damage, "%s", segments_damage(journal->segments));
    segments_usage(journal->segments, &out->first, &out->segments, &out->bytes);
    out->end = journal_end(journal);
    out->first = out->first == 0 ? out->end + 1 : out->first;
    out->applied = segments_applied_mark(journal->segments);
    out->records = atomic_load(&journal->records);
    out->groups = atomic_load(&journal->groups);
    out->refused = atomic_load(&journal->refused);
    out->sync_us = atomic_load(&journal->sync_us);
}

struct id journal_node(const struct journal *journal)
{
    return segments_node(journal->segments);
}

uint64_t journal_end(const struct journal *journal)
{
    return atomic_load_explicit(&journal->end, memory_order_acquire);
}

uint64_t journal_end_at_open(const struct journal *journal)
{
    return segments_end_at_open(journal->segments);
}

struct segments *journal_segments(const struct journal *journal)
{
    return journal->segments;
}
