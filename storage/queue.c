/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/queue.h"

#include "ingest/base/must.h"
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

void queue_init(struct queue *queue)
{
    atomic_init(&queue->newest, NULL);
    queue->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    MUST(queue->wake >= 0);
}

void queue_done(struct queue *queue)
{
    MUST(atomic_load(&queue->newest) == NULL);
    (void)close(queue->wake);
}

void queue_wake(struct queue *queue)
{
    uint64_t one = 1;
    /* Fails only when the counter is full: then the consumer is awake anyway. */
    ssize_t ignored = write(queue->wake, &one, sizeof one);
    (void)ignored;
}

void queue_push(struct queue *queue, struct journal_entry *entry)
{
    MUST(entry != NULL);
    struct journal_entry *below = atomic_load_explicit(&queue->newest, memory_order_relaxed);
    do {
        entry->next = below;
    } while (!atomic_compare_exchange_weak_explicit(&queue->newest, &below, entry,
                                                    memory_order_release, memory_order_relaxed));
    if (below == NULL) {
        queue_wake(queue);
    }
}

struct journal_entry *queue_take(struct queue *queue)
{
    struct journal_entry *at = atomic_exchange_explicit(&queue->newest, NULL, memory_order_acquire);
    struct journal_entry *list = NULL;
    while (at != NULL) {
        struct journal_entry *older = at->next;
        at->next = list;
        list = at;
        at = older;
    }
    return list;
}

void queue_wait(struct queue *queue, int most_ms)
{
    MUST(queue->wake >= 0);
    uint64_t count = 0;
    struct pollfd wait = {.fd = queue->wake, .events = POLLIN};
    if (poll(&wait, 1, most_ms) > 0) {
        ssize_t ignored = read(queue->wake, &count, sizeof count);
        (void)ignored;
    }
}
