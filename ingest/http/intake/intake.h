/* SPDX-License-Identifier: Apache-2.0 */
/* intake — the public listener's requests: admitted, understood, journalled, then answered.
 *
 *   on_request ─▶ route ─▶ endpoint ─▶ admit ─▶ copy into a job ─▶ pipeline_run ─▶ journal_submit
 *                                                                                      │
 *   http_reply(200) ◀── intake_answer (loop_post) ◀── entry.answer on the journal's thread
 *
 * A 2xx is only written by intake_answer, after the journal said "durable". Everything else is
 * refused at once, with {"detail","causes"} and the byte where it went wrong.
 *
 * One per worker; all of it runs on that worker's loop, but for the journal's callbacks.
 */
#pragma once
#include "ingest/http/loop.h"
#include "ingest/http/server.h"
#include "ingest/job.h"
#include "ingest/pipeline.h"

/* What became of requests and items. One writer (the worker); any thread reads.
 *        field              what it counts */
#define INTAKE_COUNTERS(X)                                                                         \
    X(accepted, "requests answered 200: durable in the journal")                                   \
    X(events, "error and message events accepted")                                                 \
    X(other_items, "items accepted that are counted only")                                         \
    X(unknown_items, "items of unknown types, skipped")                                            \
    X(invalid, "requests refused: not what they claim to be (400)")                                \
    X(too_big, "requests refused: over a limit (413)")                                             \
    X(unauthorised, "requests refused: no or wrong credentials (401, 403)")                        \
    X(unavailable, "requests refused: the journal cannot take them (503)")                         \
    X(limited, "requests answered 429: over a limit of their project")                             \
    X(overloaded, "requests refused: too many in flight (503)")                                    \
    X(rules_held, "times a rule held for an event")

struct intake_counters {
#define INTAKE_COUNTER_FIELD(name, text) _Atomic uint64_t name;
    INTAKE_COUNTERS(INTAKE_COUNTER_FIELD)
#undef INTAKE_COUNTER_FIELD
};

struct intake;

struct intake_options {
    struct loop *loop;        /* of the worker; outlives the intake */
    struct snapshot_box *box; /* borrowed */
    struct journal *journal;  /* borrowed */
    struct limiter *limiter;  /* borrowed; NULL: limits are not kept */
    bool (*is_ready)(void *context, char *why, size_t room); /* for /readyz; any thread */
    void *ready_context;
};

/* NULL without memory. Free after the journal was stopped and the loop has ended. */
struct intake *intake_new(const struct intake_options *options);
void intake_free(struct intake *intake);

/* The on_request of the intake's server: data is the intake. */
void intake_on_request(void *intake, struct http_request *request, struct http_ticket *ticket);

/* Requests accepted and neither answered nor given up. What was refused is written down first, so
 * that nothing is when this is 0. On the loop's thread. */
unsigned intake_in_flight(struct intake *intake);
const struct intake_counters *intake_counters(const struct intake *intake);
