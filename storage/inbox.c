/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/inbox.h"

#include "ingest/base/must.h"
#include "ingest/base/time.h"

void inbox_init(struct inbox *inbox, uint64_t queue_max, uint64_t handed)
{
    MUST(queue_max > 0);
    pthread_condattr_t monotonic;
    *inbox = (struct inbox){.queue_max = queue_max, .handed = handed, .behind = true};
    MUST(pthread_condattr_init(&monotonic) == 0);
    MUST(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
    MUST(pthread_cond_init(&inbox->something, &monotonic) == 0);
    MUST(pthread_mutex_init(&inbox->lock, NULL) == 0);
    (void)pthread_condattr_destroy(&monotonic);
}

void inbox_done(struct inbox *inbox)
{
    inbox_let_go(inbox);
    (void)pthread_cond_destroy(&inbox->something);
    (void)pthread_mutex_destroy(&inbox->lock);
}

static void lock(struct inbox *inbox)
{
    MUST(pthread_mutex_lock(&inbox->lock) == 0);
}

static void unlock(struct inbox *inbox)
{
    MUST(pthread_mutex_unlock(&inbox->lock) == 0);
}

void inbox_drop(struct journal_entry *list)
{
    for (struct journal_entry *next; list != NULL; list = next) {
        next = list->next;
        journal_entry_drop(list);
    }
}

void inbox_give(struct inbox *inbox, struct journal_entry *first)
{
    struct journal_entry *last = first;
    uint64_t count = 1;
    for (; last->next != NULL; last = last->next) {
        count++;
    }
    lock(inbox);
    MUST(first->record.sequence == inbox->handed + 1);
    inbox->handed = last->record.sequence;
    bool is_kept = !inbox->behind;
    if (is_kept) {
        *(inbox->last != NULL ? &inbox->last->next : &inbox->first) = first;
        inbox->last = last;
        inbox->queued += count;
        inbox->behind = inbox->queued > inbox->queue_max;
        if (inbox->queued >= inbox->wanted || inbox->behind) {
            MUST(pthread_cond_signal(&inbox->something) == 0);
        }
    }
    unlock(inbox);
    if (!is_kept) {
        inbox_drop(first);
    }
}

static uint32_t count_effects(const struct journal_entry *entry)
{
    uint32_t count = 0;
    for (const struct effect *effect = entry->effects; effect != NULL; effect = effect->next) {
        count++;
    }
    return count;
}

struct journal_entry *inbox_take(struct inbox *inbox, uint32_t events_max)
{
    uint32_t events = 0;
    lock(inbox);
    struct journal_entry *list = inbox->first;
    struct journal_entry *last = NULL;
    for (struct journal_entry *at = list; at != NULL && events < events_max; at = at->next) {
        events += count_effects(at);
        inbox->queued--;
        last = at;
    }
    if (last != NULL) {
        inbox->first = last->next;
        inbox->last = last->next != NULL ? inbox->last : NULL;
        last->next = NULL;
    }
    unlock(inbox);
    return list;
}

void inbox_let_go(struct inbox *inbox)
{
    lock(inbox);
    struct journal_entry *list = inbox->first;
    inbox->first = NULL;
    inbox->last = NULL;
    inbox->queued = 0;
    inbox->behind = true;
    unlock(inbox);
    inbox_drop(list);
}

bool inbox_caught_up(struct inbox *inbox, uint64_t position)
{
    lock(inbox);
    bool is_caught_up = position >= inbox->handed;
    MUST(!is_caught_up || inbox->first == NULL);
    inbox->behind = !is_caught_up;
    unlock(inbox);
    return is_caught_up;
}

void inbox_wait(struct inbox *inbox, uint64_t count, int64_t until_us)
{
    MUST(count > 0);
    int outcome = 0;
    struct timespec until = {until_us / TIME_US_PER_S, until_us % TIME_US_PER_S * 1000};
    lock(inbox);
    bool was_behind = inbox->behind;
    inbox->wanted = count;
    while (outcome == 0 && inbox->queued < count && inbox->behind == was_behind &&
           !inbox->stopping) {
        outcome = pthread_cond_timedwait(&inbox->something, &inbox->lock, &until);
    }
    unlock(inbox);
}

void inbox_stop(struct inbox *inbox, int64_t stop_us)
{
    lock(inbox);
    inbox->stopping = true;
    inbox->stop_us = stop_us;
    MUST(pthread_cond_signal(&inbox->something) == 0);
    unlock(inbox);
}

void inbox_look(struct inbox *inbox, bool *out_behind, uint64_t *out_queued, uint64_t *out_handed)
{
    lock(inbox);
    *out_behind = inbox->behind;
    *out_queued = inbox->queued;
    *out_handed = inbox->handed;
    unlock(inbox);
}

bool inbox_is_over(struct inbox *inbox, int64_t now_us)
{
    lock(inbox);
    bool is_done = inbox->first == NULL && !inbox->behind;
    bool is_over = inbox->stopping && (is_done || now_us >= inbox->stop_us);
    unlock(inbox);
    return is_over;
}

bool inbox_is_stopping(struct inbox *inbox)
{
    lock(inbox);
    bool is_stopping = inbox->stopping;
    unlock(inbox);
    return is_stopping;
}
