/* SPDX-License-Identifier: Apache-2.0 */
/* committer — brings what the journal holds into Redis, in order, exactly once.
 *
 *      ┌─────────────────── link broken, refused, or not where we thought ──────────────────┐
 *      ▼                                                                                    │
 *   connect ─▶ load functions ─▶ read `applied` of all partitions ─▶ replay from ─▶ live ───┤
 *      ▲                                                             the journal ◀─ queue full
 *      └─ backoff
 *
 * Each FCALL moves one partition from `after` to `last` and is refused when the partition does not
 * stand at `after`. So a lost reply, a crash of either side, a failover to a lagging replica, a
 * restored backup and FLUSHALL all end in the same question (where do you stand?) and the same cure
 * (replay what comes after). Records of which a partition has nothing move it too, about once a
 * second, so that the replay after a restart is short.
 *
 * While Redis is away or cannot keep up, entries are dropped from memory at once (the journal has
 * them) and read back later: ingest never waits for Redis.
 *
 * Rejected: resending batches from memory (a second path to the same place, and unbounded); WATCH
 * and MULTI (three round trips, and the counting logic outside the atomic step).
 */
#pragma once
#include "ingest/base/arena.h"
#include "storage/applier.h"
#include "storage/journal.h"
#include "storage/redis.h"

/* Runs the pass over a record read back from the journal: fills `out_effects` with a list in
 * `keep`. On the committer's thread. A fault counts the record as having no effects
 * (`replay_faults`). */
typedef struct fault replay_fn(void *context, const struct record *record, struct arena *keep,
                               struct effect **out_effects);

struct committer_options {
    struct journal *journal; /* borrowed; outlives the committer */
    struct redis_options redis;
    replay_fn *replay;
    void *replay_context;
    forgot_fn *forgot; /* NULL: nobody asks; on the committer's thread */
    void *forgot_context;
    uint32_t queue_max;   /* entries held in memory; 0: COMMITTER_QUEUE_MAX */
    uint32_t index_hours; /* how long an event is found by its id; 0: EVENT_INDEX_HOURS */
    uint32_t tick_ms;     /* how often quiet partitions are moved along; 0: COMMITTER_TICK_MS */
};

struct committer_state {
    bool connected;
    bool behind;       /* reading back from the journal, or waiting to */
    char error[256];   /* the last failure; empty when all is well */
    char damage[96];   /* the first damaged place met in the journal; empty: none */
    uint64_t applied;  /* low-water mark: all up to it is in Redis */
    uint64_t position; /* handled up to here */
    uint64_t journal_end;
    uint64_t queued;     /* entries in memory */
    uint64_t events;     /* counted in Redis, since the start; so are all below */
    uint64_t duplicates; /* events whose id was there already */
    uint64_t issues_new;
    uint64_t facts;
    uint64_t batches;      /* FCALLs of tocsin_commit */
    uint64_t batch_events; /* events in them: batch_events / batches is the coalescing */
    uint64_t commands;     /* all commands sent to Redis */
    uint64_t commit_us;    /* spent from sending batches to their last reply */
    uint64_t connects;
    uint64_t mismatches; /* times a partition did not stand where we thought */
    uint64_t replayed;   /* records read back from the journal */
    uint64_t replay_faults;
    uint64_t damaged; /* damaged places in the journal that were passed over */
    uint64_t outcomes[FATE_COUNT][CATEGORY_COUNT]; /* what became of all that was counted */
};

struct committer;

/* Gives a committer; no thread, no connection yet. */
struct committer *committer_new(const struct committer_options *options);

/* Starts the thread. */
void committer_start(struct committer *committer);

/* The journal's next stage: journal_start(journal, committer_take, committer). Takes the share of
 * each entry of the list. The journal's thread; never blocks on Redis. */
void committer_take(void *committer, struct journal_entry *first);

/* Commits what it can within `drain_ms`, then ends the thread. */
void committer_stop(struct committer *committer, uint32_t drain_ms);
void committer_free(struct committer *committer);

/* Any thread. Fills a snapshot. */
void committer_state(struct committer *committer, struct committer_state *out);
