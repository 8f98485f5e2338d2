/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/fingerprint/ways.h"

/* The template, where there is one: its parameters are what changes. */
void way_message(struct parts *parts, const struct event *event)
{
    struct slice text = event->message.len != 0 ? event->message : event->formatted;
    struct part *part = text_add(parts, "message", text);
    MUST(text.len == 0 || part->counts != 0 || slice_trim(text).len == 0);
}
