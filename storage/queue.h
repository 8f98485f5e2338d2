/* SPDX-License-Identifier: Apache-2.0 */
/* queue — entries from many threads to one, which may sleep.
 *
 * A stack that the producers push with one compare-and-swap and the consumer takes whole and turns
 * round; the descriptor is written only when the stack was empty. Unbounded: the jobs are not.
 */
#pragma once
#include "storage/journal.h"

struct queue {
    _Atomic(struct journal_entry *) newest;
    int wake; /* eventfd */
};

void queue_init(struct queue *queue);
void queue_done(struct queue *queue);

/* Any thread. */
void queue_push(struct queue *queue, struct journal_entry *entry);

/* Any thread: ends the consumer's wait. */
void queue_wake(struct queue *queue);

/* The consumer: all there is, oldest first, linked by `next`; NULL: nothing. */
struct journal_entry *queue_take(struct queue *queue);

/* The consumer: sleeps until there may be something, at most `most_ms` (-1: no limit). */
void queue_wait(struct queue *queue, int most_ms);
