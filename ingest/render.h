/* SPDX-License-Identifier: Apache-2.0 */
/* render — an event as JSON, in the shape of Sentry's web API (`/events/{id}/`).
 *
 * Field names and nesting follow Sentry's published "Retrieve an Event" answer, so that tools
 * written for it can read ours. Written from the normalised event: what people see is what rules
 * and grouping saw. Source: docs.sentry.io, API reference, "Retrieve an Event for a Project".
 */
#pragma once
#include "ingest/base/json.h"
#include "ingest/event/event.h"

struct render_context {
    uint64_t issue; /* 0: not known */
    uint32_t project;
    const struct id *hashes; /* borrowed; fingerprints of the event */
    uint32_t hash_count;
    size_t size; /* bytes of the event as sent, decompressed */
};

/* Writes one JSON object. Borrows everything until it returns. */
void render_api_event(struct json *json, const struct event *event,
                      const struct render_context *context);

/* Writes the `metadata` object ({"type","value"} or {"title"}) of an event. */
void render_api_metadata(struct json *json, const struct event *event);
