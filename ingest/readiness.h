/* SPDX-License-Identifier: Apache-2.0 */
/* readiness — whether this server may be sent events, and why not, in words.
 *
 *   stopping            not ready
 *   journal not OK      not ready: nothing could be kept
 *   Redis away          ready, since events are taken and kept; but a fresh start waits a moment
 *                       for it, so that the first reads find something
 */
#pragma once
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct journal;
struct committer;

/* How long a fresh start waits for Redis: a redis-server of our own reads its file in less. */
#define READINESS_WAIT_US (5 * INT64_C(1000000))

/* Borrows both; any thread asks. */
struct readiness {
    struct journal *journal;
    struct committer *committer;
    int64_t started_us; /* monotonic */
    _Atomic bool is_stopping;
    _Atomic bool was_connected; /* Redis has been there once */
};

/* Fills `why` with a line, also when it is ready. `readiness` is a struct readiness. */
bool readiness_is(void *readiness, char *why, size_t room);
