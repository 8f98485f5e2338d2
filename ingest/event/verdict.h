/* SPDX-License-Identifier: Apache-2.0 */
/* verdict — what became of something that was sent. Everything sent gets exactly one, with a reason
 * in words where there is one ("release", "too_big"): nothing is dropped silently. Pure.
 *
 * Names are Sentry's outcomes. */
#pragma once
#include "ingest/base/slice.h"

/*    constant                name              who decided                                      */
#define VERDICTS(X)                                                                                \
    X(VERDICT_ACCEPTED, "accepted")             /* kept and counted                            */  \
    X(VERDICT_FILTERED, "filtered")             /* the project's inbound filters               */  \
    X(VERDICT_RATE_LIMITED, "rate_limited")     /* the project's or the key's limits           */  \
    X(VERDICT_INVALID, "invalid")               /* it is not what it claims to be              */  \
    X(VERDICT_CLIENT_DISCARD, "client_discard") /* the client, which tells of it later         */  \
    X(VERDICT_DUPLICATE, "duplicate")           /* an event of this id was counted already     */

enum verdict {
#define VERDICT_ENUM(constant, name) constant,
    VERDICTS(VERDICT_ENUM)
#undef VERDICT_ENUM
        VERDICT_COUNT
};

/* The name; and back, false and untouched for others. */
const char *verdict_name(enum verdict verdict);
bool verdict_parse(struct slice name, enum verdict *out);
