/* SPDX-License-Identifier: Apache-2.0 */
/* event_json — a Sentry event from its JSON tree.
 *
 * Twelve years of clients write the same fact in many shapes: exceptions as a list, as
 * {"values":[…]} or as one bare object, tags as a map or as pairs, an id as a number, a message as
 * an object, names of 2013 ("sentry.interfaces.Exception"). All are read here, and what fits none
 * is left out; so nothing inside an event can make it fail. Whatever was not understood is still
 * in `root`.
 *
 * Nothing is judged, trimmed or defaulted: that is normalise's. Text is borrowed from the tree;
 * the arrays lie in the arena. Lists longer than EXCEPTIONS_MAX, THREADS_MAX, FRAMES_MAX, TAGS_MAX
 * and FINGERPRINT_PARTS_MAX are cut: exceptions keep the last (the one shown), stack traces lose
 * their middle, the others keep the first. Pure.
 */
#pragma once
#include "ingest/event/event.h"

/* Fills `out`, all of it. Faults: MALFORMED when `root` is not a map; TOO_BIG when the arena is
 * full. `received_us`, `title` and `culprit` are left empty. */
MUST_USE struct fault event_decode(struct arena *arena, const struct value *root,
                                   struct event *out);
