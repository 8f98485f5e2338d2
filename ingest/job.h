/* SPDX-License-Identifier: Apache-2.0 */
/* job — one accepted request in flight, and the pool of them.
 *
 *   free ─take─▶ filled by the worker ─journal_submit─▶ answered (worker) and committed (committer)
 *    ▲                                                                    │ both dropped it
 *    └──────────────────────────── job_give ──────────────────────────────┘
 *
 * A job's arena (JOB_BYTES) holds its copy of the request and the effects; nothing in it points
 * into HTTP memory. The pool's size is the back-pressure: no free job, no new request.
 *
 * Arenas are mapped once and reused; pages that a large request touched go back to the kernel.
 */
#pragma once
#include "storage/journal.h"

struct job_pool;
struct http_ticket;

struct job {
    struct journal_entry entry; /* first: the journal's callbacks get it back */
    struct arena keep;
    struct job_pool *pool;
    struct job *next;           /* in the pool's or the worker's list */
    void *owner;                /* the worker, for the answer */
    struct http_ticket *ticket; /* the worker's thread only */
    struct id event_id;
    struct fault fault;     /* the journal's answer */
    unsigned route;         /* whose answer it gets */
    bool is_pixel;          /* and as an image */
    bool is_limited;        /* some of it was over a limit */
    unsigned retry_after_s; /* then: when to come again */
    struct slice limits;    /* X-Sentry-Rate-Limits, in `keep`; empty: none is reached */
};

/* Any thread takes and gives; one pool per worker keeps them from meeting. NULL without memory. */
struct job_pool *job_pool_new(unsigned most);

/* All jobs must have been given back. */
void job_pool_free(struct job_pool *pool);

/* Gives an empty job; NULL when all are in flight or no memory is left. */
struct job *job_take(struct job_pool *pool);
void job_give(struct job *job);

/* In flight now. */
unsigned job_pool_used(struct job_pool *pool);
