/* SPDX-License-Identifier: Apache-2.0 */
/* render_meta — `_meta` of an event in the web API's shape: what was taken out, beside where it
 * would stand in the answer.
 *
 * event->meta mirrors the document as it was sent (normalise/meta.h); the answer has the same
 * values under other names: exceptions in `entries`, `extra` as `context`, headers as pairs.
 */
#pragma once
#include "ingest/base/json.h"
#include "ingest/event/event.h"

/* The parts of `entries`, in their order. */
#define RENDER_ENTRIES(X)                                                                          \
    X(ENTRY_EXCEPTION)                                                                             \
    X(ENTRY_STACKTRACE)                                                                            \
    X(ENTRY_THREADS)                                                                               \
    X(ENTRY_MESSAGE)                                                                               \
    X(ENTRY_BREADCRUMBS)                                                                           \
    X(ENTRY_REQUEST)

enum render_entry {
#define RENDER_ENTRY(constant) constant,
    RENDER_ENTRIES(RENDER_ENTRY)
#undef RENDER_ENTRY
        ENTRY_COUNT
};

/* True when the event has something to show there. */
bool render_has_entry(const struct event *event, enum render_entry entry);

/* Writes the value of `_meta`: a map, empty when nothing was taken out. Borrows the event. */
void render_meta(struct json *json, const struct event *event);
