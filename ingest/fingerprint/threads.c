/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/fingerprint/ways.h"

static bool is_any(const struct thread *thread)
{
    (void)thread;
    return true;
}

static bool is_crashed(const struct thread *thread)
{
    return thread->is_crashed;
}

static bool is_current(const struct thread *thread)
{
    return thread->is_current;
}

/* The only thread for which `holds` does; NULL for none or several. */
static const struct thread *only(const struct event *event, bool holds(const struct thread *))
{
    const struct thread *found = NULL;
    for (uint32_t i = 0; i < event->thread_count; i++) {
        if (holds(&event->threads[i])) {
            if (found != NULL) {
                return NULL;
            }
            found = &event->threads[i];
        }
    }
    return found;
}

void way_threads(struct parts *parts, const struct event *event)
{
    if (event->thread_count == 0) {
        return;
    }
    const struct thread *thread = only(event, is_crashed);
    thread = thread != NULL ? thread : only(event, is_current);
    thread = thread != NULL ? thread : only(event, is_any);
    struct part *part = parts_open(parts, "threads");
    if (thread != NULL) {
        (void)stack_add(parts, event, &thread->stacktrace);
    } else {
        part->why = "none of several threads stands out";
    }
    unsigned counts = parts_close(parts, part);
    MUST(thread != NULL || counts == 0);
}

void way_stacktrace(struct parts *parts, const struct event *event)
{
    if (event->stacktrace.count > 0) {
        (void)stack_add(parts, event, &event->stacktrace);
    }
}
