/* SPDX-License-Identifier: Apache-2.0 */
/* worker — one thread of the intake: a loop, an HTTP server, an intake. Shares nothing but the
 * snapshot and the journal's queue; there is one per core.
 */
#pragma once
#include "ingest/http/intake/intake.h"
#include "ingest/options.h"

struct worker;

struct worker_options {
    const int *listen_fds;
    unsigned listen_fd_count;
    void *tls;
    bool offer_http2;
    unsigned connections_max;
    struct intake_options intake; /* `loop` is filled by worker_start */
};

/* Starts the thread; NULL when it cannot be had. */
struct worker *worker_start(const struct worker_options *options);

/* Stops accepting and finishes what is in flight, within `deadline_ms`; returns at once. */
void worker_drain(struct worker *worker, unsigned deadline_ms);

/* True once the drain has nothing left to do. */
bool worker_is_idle(const struct worker *worker);

/* Ends the thread. The journal must have answered everything. */
void worker_join(struct worker *worker);

/* Frees it, once the committer has released every job. NULL is fine. */
void worker_free(struct worker *worker);

const struct intake_counters *worker_intake_counters(const struct worker *worker);
const struct http_counters *worker_http_counters(const struct worker *worker);
