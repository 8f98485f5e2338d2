/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/stacks.h"
#include "ingest/base/must.h"

static struct stacktrace *at(struct event *event, uint32_t index)
{
    if (index < event->exception_count) {
        return &event->exceptions[index].stacktrace;
    }
    index -= event->exception_count;
    return index < event->thread_count ? &event->threads[index].stacktrace : &event->stacktrace;
}

struct stacktrace *stacks_next(struct stacks *walk)
{
    uint32_t total = walk->event->exception_count + walk->event->thread_count + 1;
    while (walk->next < total) {
        struct stacktrace *found = at(walk->event, walk->next++);
        MUST(found->count == 0 || found->frames != NULL);
        if (found->count > 0) {
            return found;
        }
    }
    return NULL;
}
