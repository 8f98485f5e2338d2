/* SPDX-License-Identifier: Apache-2.0 */
/* journal — every accepted request on this node's disk before it is answered.
 *
 *   workers ──submit──▶ queue ─▶ │ number, write, fdatasync once │ ─▶ answer() each ─▶ next stage
 *                                └───────── journal thread ──────┘    (worker)          (committer)
 *
 *   DIR/node                                 16 random bytes: who we are
 *   DIR/journal/00000000000000000001.seg     records 1 to 40,000 (segment.h)
 *   DIR/journal/00000000000000040001.seg     records 40,001 ...
 *
 * A group is whatever was submitted while the last one was being synced: alone, an entry waits for
 * nothing; under load thousands share one fdatasync. There the thread rests
 * three times as long as the last sync took before it takes the next group, since a sync costs the
 * processor some 0.5 ms, whatever its size.
 *
 * FULL (the disk, or `bytes_max` with nothing applied to delete): entries are answered UNAVAILABLE,
 * and it goes on by itself once there is space. FAILED (the disk gave an error): for good. After a
 * failed fdatasync the kernel may have dropped the pages and says "fine" the next time, so nothing
 * can be promised any more until a restart has read back what is really there.
 *
 * Segments whose records are all applied are kept while there is room (events are read from them)
 * and deleted oldest first when there is not.
 */
#pragma once
#include "storage/disk.h"
#include "storage/effect.h"
#include "storage/record.h"
#include <stdatomic.h>

struct arena;
struct journal;

/* Part of the submitter's job. Two parties hold it after journal_submit: the submitter, until it
 * has used the answer, and the stages behind. Each calls journal_entry_drop once; the second one
 * triggers `release`, after which the job's memory is its owner's again. */
struct journal_entry {
    struct record record;   /* filled by the submitter, but for sequence and durable */
    struct effect *effects; /* list, NULL: none */
    /* On the journal's thread: the record is durable, or refused (UNAVAILABLE, TOO_BIG). */
    void (*answer)(struct journal_entry *entry, struct fault fault);
    /* On the thread that dropped last: any. */
    void (*release)(struct journal_entry *entry);
    struct journal_entry *next; /* the queues' */
    atomic_uint holders;        /* the journal's */
};

struct journal_options {
    const char *folder;      /* DIR; must exist */
    uint64_t bytes_max;      /* of all segments together */
    uint64_t segment_bytes;  /* 0: JOURNAL_SEGMENT_BYTES */
    const struct disk *disk; /* NULL: the real one */
};

enum journal_condition { JOURNAL_OK, JOURNAL_FULL, JOURNAL_FAILED };

struct journal_state {
    enum journal_condition condition;
    char text[192];   /* why, in words; empty when OK */
    char damage[192]; /* the first unreadable place found, with file and offset; empty: none */
    uint64_t first;   /* oldest sequence kept; end + 1 when there is none */
    uint64_t end;     /* last durable sequence; 0 before the first record */
    uint64_t applied; /* as last told by journal_applied */
    uint64_t bytes;   /* of all segments */
    uint64_t segments;
    uint64_t records; /* written since the open */
    uint64_t groups;  /* synced since the open */
    uint64_t refused; /* entries answered with a fault since the open */
    uint64_t sync_us; /* spent writing and syncing, since the open */
};

/* Makes or recovers the journal: cuts the torn tail of the last segment. `*out` gives a journal for
 * journal_close. Faults: UNAVAILABLE when another process has it open, INTERNAL for a folder that
 * cannot be used; then `why` (256 bytes) says what and where in words. */
MUST_USE struct fault journal_open(const struct journal_options *options, struct journal **out,
                                   char why[static 256]);

/* Starts the thread. Durable entries go to `next(stage, first)` in the order of their sequences, as
 * a list linked by `next`; it takes the submitter's counterpart share of each (journal_entry_drop).
 * NULL: they are dropped. */
void journal_start(struct journal *journal, void (*next)(void *stage, struct journal_entry *first),
                   void *stage);

/* Writes and answers all that was submitted, then ends the thread. No submit may follow. */
void journal_stop(struct journal *journal);

/* Frees it; readers must have been closed. Stops first when needed. */
void journal_close(struct journal *journal);

/* Any thread, never blocks. Takes one share of the entry. */
void journal_submit(struct journal *journal, struct journal_entry *entry);

/* Any thread: one of the two holders is done. */
void journal_entry_drop(struct journal_entry *entry);

/* Any thread: all records up to `sequence` are in Redis, so that their segments may go. */
void journal_applied(struct journal *journal, uint64_t sequence);

/* Any thread. Fills a snapshot. */
void journal_state(struct journal *journal, struct journal_state *out);

/* This node's identity, made with the first segment. */
struct id journal_node(const struct journal *journal);

/* The last durable sequence; readers see all up to it. */
uint64_t journal_end(const struct journal *journal);

/* The end as it was when this process opened the journal. */
uint64_t journal_end_at_open(const struct journal *journal);
