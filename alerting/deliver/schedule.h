/* SPDX-License-Identifier: Apache-2.0 */
/* schedule — what an attempt's answer means, and when to try again.
 *
 *   2xx                               delivered
 *   408 425 429 5xx, no answer        again: 5 s, 15 s, 45 s, 2 m, then each 5 m for the first hour
 *                                     and each 30 m for a day; not before Retry-After
 *   410                               the receiver wants no more: dead letter, lane closed
 *   all others, 3xx too               dead letter: the same bytes would be refused again
 *
 * The beginning is dense because it is a page; a page that is a day late is not worth sending.
 * Pure: the time and the dice are arguments.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>

/* Why an attempt failed; the names are Alertmanager's. */
#define DELIVERY_FAILURES(X)                                                                       \
    X(FAILED_CLIENT_ERROR, "clientError")                                                          \
    X(FAILED_AUTH, "authError")                                                                    \
    X(FAILED_RATE_LIMITED, "rateLimited")                                                          \
    X(FAILED_SERVER_ERROR, "serverError")                                                          \
    X(FAILED_TIMEOUT, "contextDeadlineExceeded")                                                   \
    X(FAILED_NETWORK, "other")

enum delivery_failure {
#define FAILURE_ENUM(constant, name) constant,
    DELIVERY_FAILURES(FAILURE_ENUM)
#undef FAILURE_ENUM
        DELIVERY_FAILURE_COUNT
};
const char *delivery_failure_name(enum delivery_failure failure);

/* What came of one attempt. */
struct delivery_answer {
    uint32_t status; /* of HTTP; 0: no answer */
    bool timed_out;
    int64_t retry_after_us; /* as the receiver asked; 0: it did not */
    char error[128];        /* what went wrong, in words; empty when there was an answer */
};

enum delivery_step_kind { STEP_DELIVERED, STEP_RETRY, STEP_DEAD, STEP_DEAD_AND_CLOSE };

struct delivery_step {
    enum delivery_step_kind kind;
    enum delivery_failure failure; /* unless delivered */
    int64_t at_us;                 /* of the next attempt; RETRY */
    const char *why;               /* literal */
};

/* `attempts` counts this one; `created_us` is the notice's; `dice` any 32 random bits. */
struct delivery_step schedule_step(const struct delivery_answer *answer, uint32_t attempts,
                                   int64_t created_us, int64_t now_us, uint32_t dice);
