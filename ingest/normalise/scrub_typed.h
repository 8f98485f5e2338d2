/* SPDX-License-Identifier: Apache-2.0 */
/* scrub_typed — the fields we act on, after the document they were read from was scrubbed.
 *
 * They are texts of their own: trimmed, joined, filled in. Private to ingest/normalise.
 */
#pragma once
#include "ingest/normalise/scrub_tree.h"

#include "ingest/event/event.h"

/* A parameter of fewer bytes is in every message. */
#define SCRUB_PARAMETER_BYTES_MIN 3u

/* Takes secrets out of the message as parameters were put into it; true when there were any. To be
 * called before the document loses its own, and the answer is the walk's `is_formatted_new`. */
bool scrub_formatted(struct scrub_walk *walk, struct event *event);

/* Brings the fields of `event` in line with `root`. Only when the walk changed something, but for
 * the message, which parameters were put into. */
void scrub_typed(struct scrub_walk *walk, struct value *root, struct event *event);
