/* SPDX-License-Identifier: Apache-2.0 */
/* inbox — journalled entries between the journal's thread and the committer's.
 *
 * Keeps a bounded number. Once over it, or when told to let go, it is *behind*: entries that come
 * are dropped at once, only the last sequence is remembered, until the committer has read the
 * journal up to there (inbox_caught_up). Entries kept are in order and without gaps.
 */
#pragma once
#include "storage/journal.h"
#include <pthread.h>

struct inbox {
    pthread_mutex_t lock;
    pthread_cond_t something;
    struct journal_entry *first;
    struct journal_entry *last;
    uint64_t queued;
    uint64_t queue_max;
    uint64_t wanted; /* by the one who waits */
    uint64_t handed; /* the last sequence given, kept or not */
    bool behind;
    bool stopping;
    int64_t stop_us; /* when to give up, monotonic */
};

/* Begins behind, as if all up to `handed` had been given. */
void inbox_init(struct inbox *inbox, uint64_t queue_max, uint64_t handed);
void inbox_done(struct inbox *inbox);

/* The journal's thread: takes the share of each entry of the list. */
void inbox_give(struct inbox *inbox, struct journal_entry *first);

/* Below: the committer's thread. */

/* Takes whole entries from the front, as many as hold `events_max` effects and at least one; NULL:
 * none. The caller drops them with inbox_drop. */
struct journal_entry *inbox_take(struct inbox *inbox, uint32_t events_max);
void inbox_drop(struct journal_entry *list);

/* Drops everything and is behind. */
void inbox_let_go(struct inbox *inbox);

/* True, and no longer behind, when nothing after `position` was given. */
bool inbox_caught_up(struct inbox *inbox, uint64_t position);

/* Sleeps until `until_us` (monotonic), until there are `count` entries, until it falls behind, or
 * until it is to stop. */
void inbox_wait(struct inbox *inbox, uint64_t count, int64_t until_us);

/* Any thread: asks the committer to end, at the latest at `stop_us`. */
void inbox_stop(struct inbox *inbox, int64_t stop_us);

/* Fills what can be seen: is it behind, how many entries, the last sequence given. Any thread. */
void inbox_look(struct inbox *inbox, bool *out_behind, uint64_t *out_queued, uint64_t *out_handed);

/* Whether to end now: asked to, and either nothing is left or the time is over. */
bool inbox_is_over(struct inbox *inbox, int64_t now_us);
bool inbox_is_stopping(struct inbox *inbox);
