/* SPDX-License-Identifier: Apache-2.0 */
/* exception — what of an exception, and which exceptions of an event, count.
 *
 * SDKs send causes as a chain. Newer ones send a tree, since an exception can be a group of others
 * (Sentry's RFC 0079): each has an id, and the id of the one that holds it.
 *
 *   0 group ─┬─ 1 TimeoutError ── 2 OSError      ─▶  1, 2  (3 says the same as 1: nothing new)
 *            └─ 3 TimeoutError
 *
 * Private to ingest/fingerprint.
 */
#pragma once
#include "ingest/fingerprint/ways.h"

/* Adds "exception" with type, value and stack trace; gives the variants in which it counts. */
unsigned exception_add(struct parts *parts, const struct event *event,
                       const struct exception *exception);

/* Fills `out` (room for EXCEPTIONS_MAX) with the exceptions that count, in the order in which they
 * are hashed; gives how many, at least one. All of them as sent, unless they are a whole tree; of a
 * tree the distinct members of its groups with the root, or, when there is only one such member,
 * that and its causes. Borrows the event; needs at least one exception. */
uint32_t exceptions_distinct(struct arena *arena, const struct event *event,
                             const struct exception **out);
