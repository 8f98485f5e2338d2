/* SPDX-License-Identifier: Apache-2.0 */
/* render — the canonical text of an event: what keywords search, and what a person would read
 * first.
 *
 *   GET https://shop.example/cart?id=1
 *   message of the event
 *   django.db.utils.ProgrammingError: syntax error at or near "UNION"
 *   at shop.views.cart(shop/views.py:42)
 *
 * Request line, message, then every exception with its frames, oldest cause first. Headers,
 * breadcrumbs and local variables are not in it: whoever sends a request could make rules fire.
 */
#pragma once
#include "ingest/event/event.h"

/* Gives the text in `arena`; empty when that is full. */
struct slice render_event(struct arena *arena, const struct event *event);

/* Only the frames of one exception, or of the event itself. */
struct slice render_frames(struct arena *arena, const struct stacktrace *stacktrace);
