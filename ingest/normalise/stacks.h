/* SPDX-License-Identifier: Apache-2.0 */
/* stacks — one walk over all stack traces of an event: exceptions', threads', its own. Private to
 * ingest/normalise. */
#pragma once
#include "ingest/event/event.h"

/* Where a walk is; start with all zero but `event`. */
struct stacks {
    struct event *event;
    uint32_t next;
};

/* The next stack trace that has frames; NULL at the end. */
struct stacktrace *stacks_next(struct stacks *walk);
