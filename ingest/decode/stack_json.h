/* SPDX-License-Identifier: Apache-2.0 */
/* stack_json — exceptions, threads, stack traces and frames of an event's JSON.
 *
 * Part of event_json: same rules, same ownership. Each function fills what it is named after from a
 * value that may be NULL or of any shape, and leaves out what is not of a shape it knows. Pure.
 */
#pragma once
#include "ingest/event/event.h"

/* {"frames":[…]}, or a bare list of frames. */
void stack_decode(struct arena *arena, const struct value *value, struct stacktrace *out);

/* A list, {"values":[…]} or one exception; null entries are left out. */
void stack_decode_exceptions(struct arena *arena, const struct value *value, struct event *out);

/* The same for threads. */
void stack_decode_threads(struct arena *arena, const struct value *value, struct event *out);
