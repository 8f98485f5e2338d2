/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/queue.h"

#include <criterion/criterion.h>
#include <pthread.h>

enum { PRODUCERS = 4, EACH = 20000 };

Test(queue, gives_what_was_pushed_in_order)
{
    struct queue queue;
    struct journal_entry entries[3] = {0};
    queue_init(&queue);

    cr_expect_null(queue_take(&queue));
    for (int i = 0; i < 3; i++) {
        queue_push(&queue, &entries[i]);
    }
    struct journal_entry *list = queue_take(&queue);

    cr_assert(list == &entries[0] && list->next == &entries[1]);
    cr_expect(entries[1].next == &entries[2] && entries[2].next == NULL);
    cr_expect_null(queue_take(&queue));
    queue_done(&queue);
}

Test(queue, a_wait_ends_when_something_came_before_it)
{
    struct queue queue;
    struct journal_entry entry = {0};
    queue_init(&queue);

    queue_push(&queue, &entry);
    queue_wait(&queue, -1);

    cr_expect_not_null(queue_take(&queue));
    queue_done(&queue);
}

struct producer {
    pthread_t thread;
    struct queue *queue;
    struct journal_entry *entries;
};

static void *produce(void *argument)
{
    struct producer *producer = argument;
    for (uint64_t i = 0; i < EACH; i++) {
        producer->entries[i].record.sequence = i;
        queue_push(producer->queue, &producer->entries[i]);
    }
    return NULL;
}

Test(queue, many_producers_lose_nothing_and_keep_each_one_in_order)
{
    struct queue queue;
    struct producer producers[PRODUCERS];
    uint64_t next[PRODUCERS] = {0};
    unsigned got = 0;
    queue_init(&queue);
    for (unsigned i = 0; i < PRODUCERS; i++) {
        producers[i].queue = &queue;
        producers[i].entries = calloc(EACH, sizeof(struct journal_entry));
        for (unsigned j = 0; j < EACH; j++) {
            producers[i].entries[j].record.project = i;
        }
        cr_assert(pthread_create(&producers[i].thread, NULL, produce, &producers[i]) == 0);
    }

    while (got < PRODUCERS * EACH) {
        queue_wait(&queue, 1000);
        for (struct journal_entry *at = queue_take(&queue); at != NULL; at = at->next, got++) {
            cr_assert_eq(at->record.sequence, next[at->record.project]++);
        }
    }

    for (unsigned i = 0; i < PRODUCERS; i++) {
        cr_assert(pthread_join(producers[i].thread, NULL) == 0);
        free(producers[i].entries);
    }
    queue_done(&queue);
}
