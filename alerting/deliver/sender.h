/* SPDX-License-Identifier: Apache-2.0 */
/* sender — many HTTP requests at a time, none of which waits for another (libcurl multi).
 *
 * POST only; http and https only, whatever an answer says; redirects are answers, not followed, so
 * that a receiver cannot point us at something inside; certificates are checked; an answer is read
 * up to ANSWER_BYTES_MAX. What an answer means is schedule.h's affair.
 *
 * Owner: one thread, but for sender_wake.
 */
#pragma once
#include "alerting/deliver/schedule.h"
#include "ingest/base/slice.h"

struct sender;

struct sender_request {
    struct slice url;
    struct slice header_lines; /* "Name: value", each ended by a newline */
    struct slice body;
    int64_t timeout_ms; /* for all of it: connecting, sending, the answer */
};

/* A request is over; `ticket` is the caller's own. May call sender_send. */
typedef void sender_done_fn(void *context, void *ticket, const struct delivery_answer *answer);

/* NULL without memory. */
struct sender *sender_new(sender_done_fn *done, void *context);

/* Begins a request; copies all of it. False without memory or when DELIVERIES_MAX are under way:
 * then `done` is not called. */
bool sender_send(struct sender *sender, const struct sender_request *request, void *ticket);

/* Works for at most `wait_ms`, less when something ended or sender_wake was called; calls `done`
 * for each request that is over. Gives how many are under way. */
uint32_t sender_work(struct sender *sender, int64_t wait_ms);

uint32_t sender_under_way(const struct sender *sender);

/* Ends a sender_work that waits, or the next one. Any thread. */
void sender_wake(struct sender *sender);

/* Cuts off what is under way, calling `done` for none of it. */
void sender_free(struct sender *sender); /* NULL is fine */
