/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/committer.h"

#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "ingest/host/clock.h"
#include "storage/applier.h"
#include "storage/inbox.h"
#include "storage/reader.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

/* Effects of one replayed batch: COMMIT_EVENTS_MAX events of some KB. It is filled to the half, so
 * that the last record finds room whatever it holds. */
#define KEEP_BYTES ((64u << 20) + 2 * JOB_BYTES)

enum {
    REPLAY_RECORDS_MAX = 4096, /* read for one batch, many of them without effects */
    BACKOFF_FIRST_MS = 20,
    BACKOFF_MOST_MS = 2000,
    /* Redis may lose what it wrote in the last two seconds (AOF everysec, and a slow disk). */
    SAFE_TICKS = 5,
};

struct committer {
    struct committer_options options;
    pthread_t thread;
    bool is_running;
    struct inbox inbox;

    pthread_mutex_t lock; /* the next one */
    struct committer_state shown;

    /* The thread's own. */
    struct applier applier;
    struct arena keep;
    struct reader *reader; /* open while reading back */
    struct committer_state state;
    bool was_connected;
    uint32_t backoff_ms;
    int64_t tick_us;   /* when the next one is due */
    int64_t gather_us; /* until when the next commit may wait for more; 0: not at all */
    uint32_t ticks;
    uint64_t safe; /* low-water mark some ticks ago */
};

struct committer *committer_new(const struct committer_options *options)
{
    MUST(options->journal != NULL && options->replay != NULL);
    struct committer *committer = calloc(1, sizeof *committer);
    MUST(committer != NULL && arena_init(&committer->keep, KEEP_BYTES));
    committer->options = *options;
    committer->options.tick_ms = options->tick_ms != 0 ? options->tick_ms : COMMITTER_TICK_MS;
    uint32_t index_hours = options->index_hours != 0 ? options->index_hours : EVENT_INDEX_HOURS;
    inbox_init(&committer->inbox,
               options->queue_max != 0 ? options->queue_max : COMMITTER_QUEUE_MAX,
               journal_end(options->journal));
    applier_init(&committer->applier, &options->redis, journal_node(options->journal),
                 index_hours * 3600);
    committer->applier.forgot = options->forgot;
    committer->applier.forgot_context = options->forgot_context;
    MUST(pthread_mutex_init(&committer->lock, NULL) == 0);
    return committer;
}

void committer_take(void *context, struct journal_entry *first)
{
    struct committer *committer = context;
    inbox_give(&committer->inbox, first);
}

/* Lets go of everything in memory: the journal has it. */
static void fall_behind(struct committer *committer)
{
    inbox_let_go(&committer->inbox);
    if (committer->reader != NULL) {
        reader_close(committer->reader);
        committer->reader = NULL;
    }
}

static void add_effects(struct committer *committer, uint64_t sequence,
                        const struct effect *effects)
{
    struct applier *applier = &committer->applier;
    for (const struct effect *effect = effects; effect != NULL; effect = effect->next) {
        if (sequence > applier->stands[effect->partition]) {
            batch_add(applier->batch, sequence, effect);
        }
        for (uint32_t i = 0; i < effect->window_count; i++) {
            if (sequence > applier->stands[effect->windows[i].partition]) {
                windows_add(applier->windows, effect, &effect->windows[i]);
            }
        }
    }
}

static void failed(struct committer *committer, const char *error)
{
    (void)snprintf(committer->state.error, sizeof committer->state.error, "%s", error);
    fall_behind(committer);
}

static void finish(struct committer *committer, uint64_t last)
{
    bool is_empty =
        batch_is_empty(committer->applier.batch) && windows_count(committer->applier.windows) == 0;
    if (!is_empty && !applier_commit(&committer->applier, last)) {
        failed(committer, committer->applier.error);
        return;
    }
    committer->state.position = last;
    committer->state.error[0] = '\0';
    committer->backoff_ms = 0;
}

static void commit_entries(struct committer *committer, struct journal_entry *list)
{
    uint64_t before = committer->state.position;
    uint64_t reach = before;
    for (struct journal_entry *entry = list; entry != NULL; entry = entry->next) {
        /* The first ones after reading back may have been read back already. */
        if (entry->record.sequence > reach) {
            MUST(entry->record.sequence == reach + 1);
            reach++;
            add_effects(committer, reach, entry->effects);
        }
    }
    finish(committer, reach);
    inbox_drop(list);
    bool is_busy = reach - before >= COMMIT_BUSY_ENTRIES;
    committer->gather_us = is_busy ? clock_monotonic_us() + COMMIT_GATHER_MS * TIME_US_PER_MS : 0;
}

static void replay_one(struct committer *committer, const struct record *record)
{
    struct effect *effects = NULL;
    committer->state.replayed++;
    struct fault fault = committer->options.replay(committer->options.replay_context, record,
                                                   &committer->keep, &effects);
    if (fault_is(fault)) {
        committer->state.replay_faults++;
        return;
    }
    add_effects(committer, record->sequence, effects);
}

/* Fills the batch from the journal; gives the sequence it reaches, and why it ended. */
static struct fault gather(struct committer *committer, uint64_t *reach)
{
    struct record record;
    struct fault fault = FAULT_OK;
    arena_reset(&committer->keep);
    for (unsigned i = 0;
         i < REPLAY_RECORDS_MAX && !fault_is(fault) && committer->keep.used < KEEP_BYTES / 2 &&
         batch_count(committer->applier.batch) < COMMIT_EVENTS_MAX;
         i++) {
        fault = reader_next(committer->reader, &record);
        if (!fault_is(fault)) {
            replay_one(committer, &record);
            *reach = record.sequence;
        }
    }
    return fault;
}

static void note_damage(struct committer *committer, uint64_t *reach)
{
    struct committer_state *state = &committer->state;
    state->damaged++;
    if (state->damage[0] == '\0') {
        (void)snprintf(state->damage, sizeof state->damage, "%s", reader_where(committer->reader));
    }
    *reach += reader_skip(committer->reader);
}

static void nap(struct committer *committer, uint32_t ms)
{
    inbox_wait(&committer->inbox, 1, clock_monotonic_us() + ms * TIME_US_PER_MS);
}

/* The reader had no more, asked when the journal reached to `end` at least. Either we are there,
 * and what comes now stays in memory again; or the records up to `end` cannot be read. */
static void at_end(struct committer *committer, uint64_t end)
{
    reader_close(committer->reader);
    committer->reader = NULL;
    if (committer->state.position < end) {
        committer->state.damaged++;
        committer->state.position = end;
    }
    (void)inbox_caught_up(&committer->inbox, committer->state.position);
}

static void replay_some(struct committer *committer)
{
    uint64_t reach = committer->state.position;
    uint64_t end = journal_end(committer->options.journal);
    if (committer->reader == NULL) {
        committer->reader = reader_open(committer->options.journal, reach + 1);
    }
    struct fault fault = gather(committer, &reach);
    if (fault.kind == FAULT_MALFORMED) {
        note_damage(committer, &reach);
    }
    bool is_idle = reach == committer->state.position;
    finish(committer, reach);
    if (committer->reader != NULL && fault.kind == FAULT_NOT_FOUND && is_idle) {
        at_end(committer, end);
    } else if (fault.kind == FAULT_UNAVAILABLE) {
        failed(committer, fault.reason);
        nap(committer, BACKOFF_MOST_MS);
    }
}

static void publish(struct committer *committer)
{
    struct committer_state *state = &committer->state;
    const struct applier_counts *counts = &committer->applier.counts;
    state->connected = applier_is_connected(&committer->applier);
    state->applied = committer->was_connected ? applier_low(&committer->applier) : 0;
    state->events = counts->events;
    state->duplicates = counts->duplicates;
    state->issues_new = counts->issues_new;
    state->facts = counts->facts;
    state->batches = counts->batches;
    state->batch_events = counts->batch_events;
    state->commands = counts->commands;
    state->commit_us = counts->commit_us;
    state->connects = counts->connects;
    state->mismatches = counts->mismatches;
    memcpy(state->outcomes, counts->outcomes, sizeof state->outcomes);
    MUST(pthread_mutex_lock(&committer->lock) == 0);
    committer->shown = *state;
    MUST(pthread_mutex_unlock(&committer->lock) == 0);
}

/* Connects; where we stand is what the partition furthest back has. */
static void establish(struct committer *committer)
{
    struct journal *journal = committer->options.journal;
    uint64_t most = committer->was_connected ? UINT64_MAX : journal_end_at_open(journal);
    uint32_t wait_ms = committer->backoff_ms;
    committer->backoff_ms = wait_ms == 0                    ? BACKOFF_FIRST_MS
                            : 2 * wait_ms > BACKOFF_MOST_MS ? BACKOFF_MOST_MS
                                                            : 2 * wait_ms;
    if (wait_ms > 0) {
        publish(committer);
        nap(committer, wait_ms);
    }
    fall_behind(committer);
    if (!applier_connect(&committer->applier, most)) {
        failed(committer, committer->applier.error);
        return;
    }
    if (applier_high(&committer->applier) > journal_end(journal)) {
        applier_disconnect(&committer->applier);
        failed(committer, "redis: has more of this node than its journal; is it running twice?");
        return;
    }
    committer->was_connected = true;
    committer->state.position = applier_low(&committer->applier);
    committer->safe = 0;
    committer->ticks = 0;
}

/* About once a second: partitions nothing came for are moved along, and when there is nothing to do
 * one of them is asked whether it is still there. */
static void tick(struct committer *committer)
{
    struct applier *applier = &committer->applier;
    bool is_fine = applier_low(applier) < committer->state.position
                       ? applier_advance(applier, committer->state.position)
                       : applier_check(applier, committer->ticks % PARTITION_COUNT);
    /* What a journal still being read back holds may be older than this. */
    bool is_behind = false;
    uint64_t queued = 0;
    uint64_t handed = 0;
    inbox_look(&committer->inbox, &is_behind, &queued, &handed);
    int64_t settled_ms = clock_wall_us() / TIME_US_PER_MS - CORRELATION_SETTLE_MS;
    is_fine = is_fine && (is_behind || settled_ms < 0 || applier_settle(applier, settled_ms));
    committer->tick_us = clock_monotonic_us() + committer->options.tick_ms * TIME_US_PER_MS;
    if (!is_fine) {
        failed(committer, applier->error);
        return;
    }
    if (++committer->ticks % SAFE_TICKS == 0) {
        journal_applied(committer->options.journal, committer->safe);
        committer->safe = applier_low(applier);
    }
}

static void step(struct committer *committer)
{
    if (!applier_is_connected(&committer->applier)) {
        establish(committer);
        return;
    }
    if (clock_monotonic_us() >= committer->tick_us) {
        tick(committer);
        return;
    }
    if (committer->gather_us > 0) {
        inbox_wait(&committer->inbox, COMMIT_GATHER_ENTRIES, committer->gather_us);
        committer->gather_us = 0;
    }
    struct journal_entry *list = inbox_take(&committer->inbox, COMMIT_EVENTS_MAX);
    if (list != NULL) {
        commit_entries(committer, list);
        return;
    }
    bool is_behind = false;
    uint64_t queued = 0;
    uint64_t handed = 0;
    inbox_look(&committer->inbox, &is_behind, &queued, &handed);
    if (is_behind) {
        replay_some(committer);
    } else {
        publish(committer);
        inbox_wait(&committer->inbox, 1, committer->tick_us);
    }
}

/* What cannot be done now is not waited for: the journal has it. */
static bool is_over(struct committer *committer)
{
    bool is_away = committer->state.error[0] != '\0';
    return inbox_is_over(&committer->inbox, clock_monotonic_us()) ||
           (is_away && inbox_is_stopping(&committer->inbox));
}

static void *run(void *argument)
{
    struct committer *committer = argument;
    while (!is_over(committer)) {
        step(committer);
        publish(committer);
    }
    /* So that the next start has little to read back. */
    if (applier_is_connected(&committer->applier) &&
        !applier_advance(&committer->applier, committer->state.position)) {
        failed(committer, committer->applier.error);
    }
    fall_behind(committer);
    publish(committer);
    return NULL;
}

void committer_start(struct committer *committer)
{
    MUST(!committer->is_running);
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    MUST(pthread_create(&committer->thread, NULL, run, committer) == 0);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_setname_np(committer->thread, "committer");
    committer->is_running = true;
}

void committer_stop(struct committer *committer, uint32_t drain_ms)
{
    if (!committer->is_running) {
        return;
    }
    inbox_stop(&committer->inbox, clock_monotonic_us() + drain_ms * TIME_US_PER_MS);
    MUST(pthread_join(committer->thread, NULL) == 0);
    committer->is_running = false;
}

void committer_free(struct committer *committer)
{
    if (committer == NULL) {
        return;
    }
    MUST(!committer->is_running);
    fall_behind(committer);
    inbox_done(&committer->inbox);
    applier_done(&committer->applier);
    arena_done(&committer->keep);
    (void)pthread_mutex_destroy(&committer->lock);
    free(committer);
}

void committer_state(struct committer *committer, struct committer_state *out)
{
    uint64_t handed = 0;
    MUST(pthread_mutex_lock(&committer->lock) == 0);
    *out = committer->shown;
    MUST(pthread_mutex_unlock(&committer->lock) == 0);
    inbox_look(&committer->inbox, &out->behind, &out->queued, &handed);
    out->journal_end = journal_end(committer->options.journal);
}
