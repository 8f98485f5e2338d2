/* SPDX-License-Identifier: Apache-2.0 */
/* fate — what became of something that was sent. Everything sent gets exactly one, with a reason
 * in words where there is one ("release", "too_big"): nothing is dropped silently. Pure.
 *
 * Names are Sentry's outcomes. */
#pragma once
#include "ingest/base/slice.h"

/*    constant                name              who decided                                      */
#define FATES(X)                                                                                   \
    X(FATE_ACCEPTED, "accepted")             /* kept and counted                            */     \
    X(FATE_FILTERED, "filtered")             /* the project's inbound filters               */     \
    X(FATE_RATE_LIMITED, "rate_limited")     /* the project's or the key's limits           */     \
    X(FATE_INVALID, "invalid")               /* it is not what it claims to be              */     \
    X(FATE_CLIENT_DISCARD, "client_discard") /* the client, which tells of it later         */     \
    X(FATE_DUPLICATE, "duplicate")           /* an event of this id was counted already     */

enum fate {
#define FATE_ENUM(constant, name) constant,
    FATES(FATE_ENUM)
#undef FATE_ENUM
        FATE_COUNT
};

/* The name; and back, false and untouched for others. */
const char *fate_name(enum fate fate);
bool fate_parse(struct slice name, enum fate *out);
