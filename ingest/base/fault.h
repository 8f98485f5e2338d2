/* SPDX-License-Identifier: Apache-2.0 */
/* fault — why something was refused.
 *
 * The one error type of the server. Returned by value; `FAULT_NONE` means it went well. `reason` is
 * always a string literal ("envelope: item header is not JSON"), so a fault costs nothing and never
 * carries the sender's bytes. `offset` is the byte of the input it is about, or FAULT_NO_OFFSET.
 * What a kind means to a client (its HTTP status) is decided in ingest/http/reply.c alone.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*       constant            name           what the sender or operator can do about it           */
#define FAULT_KINDS(X)                                                                             \
    X(FAULT_NONE, "none")                 /* nothing is wrong                                   */ \
    X(FAULT_MALFORMED, "malformed")       /* the bytes are not what they claim: fix the sender  */ \
    X(FAULT_TOO_BIG, "too_big")           /* over a limit of limits.h: send less                */ \
    X(FAULT_UNAUTHORISED, "unauthorised") /* no usable credentials                              */ \
    X(FAULT_FORBIDDEN, "forbidden")       /* credentials that do not open this project          */ \
    X(FAULT_NOT_FOUND, "not_found")       /* no such thing                                      */ \
    X(FAULT_UNSUPPORTED, "unsupported")   /* understood, but not done here                      */ \
    X(FAULT_LIMITED, "limited")           /* too many: slow down                                */ \
    X(FAULT_UNAVAILABLE, "unavailable")   /* our side, for now: try again later                 */ \
    X(FAULT_INTERNAL, "internal")         /* our side: a bug or a broken disk                   */

enum fault_kind {
#define FAULT_ENUM(constant, name) constant,
    FAULT_KINDS(FAULT_ENUM)
#undef FAULT_ENUM
        FAULT_KIND_COUNT
};

#define FAULT_NO_OFFSET SIZE_MAX

struct fault {
    enum fault_kind kind;
    const char *reason; /* literal; NULL only for FAULT_NONE */
    size_t offset;      /* bytes into the input the reason speaks of, or FAULT_NO_OFFSET */
};

#define FAULT_OK ((struct fault){FAULT_NONE, NULL, FAULT_NO_OFFSET})

/* `reason` must be a string literal or live as long as the program. */
static inline struct fault fault_make(enum fault_kind kind, const char *reason)
{
    return (struct fault){kind, reason, FAULT_NO_OFFSET};
}

static inline struct fault fault_at(enum fault_kind kind, const char *reason, size_t offset)
{
    return (struct fault){kind, reason, offset};
}

static inline bool fault_is(struct fault fault)
{
    return fault.kind != FAULT_NONE;
}

/* The kind's stable lower-case name, used in outcomes and metrics. */
const char *fault_kind_name(enum fault_kind kind);

/* On every fallible function: the answer cannot be ignored. */
#define MUST_USE __attribute__((warn_unused_result))
