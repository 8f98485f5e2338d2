/* SPDX-License-Identifier: Apache-2.0 */
/* fingerprint — decides which events are the same problem.
 *
 * Up to four MD5 hashes of an event. An issue owns a set of hashes: the first of an event's that is
 * known names the issue, and the others then belong to it too. So it does not matter when frames
 * change sides between "in app" and "system", or when an algorithm is bettered.
 *
 *   hashes[0]  the application's frames, or the only way this event can be grouped
 *   hashes[1]  all frames (system), when that differs
 *   the rest   what an older version would have said, when there is one: such a hash finds an issue
 *              that exists, but never becomes one of an issue's, or the better version could not
 *              tell apart what the older one took for the same
 *
 * What counts follows Sentry's published grouping (`newstyle:2026-01-20`): a hash is the MD5 of the
 * contributing values, put together without separators, so that hashes known from there stay known.
 * The ways to group, the first that has something to say wins: checksum, fingerprint as sent,
 * exceptions, threads, stack trace, template, security report, message.
 *
 * Pure: the same event gives the same answer in every version with the same FINGERPRINT_VERSION.
 * The event must have gone through normalise.
 */
#pragma once
#include "ingest/base/json.h"
#include "ingest/event/event.h"

/* Goes up when the answer changes for any event; stored beside what it produced. */
#define FINGERPRINT_VERSION 1u

/* Its own two, and room for those of an older version. */
#define FINGERPRINT_HASHES_MAX 4u

/* By what an event was grouped. */
#define FINGERPRINT_METHODS(X)                                                                     \
    X(FINGERPRINT_CHECKSUM, "checksum")                                                            \
    X(FINGERPRINT_CUSTOM, "fingerprint")                                                           \
    X(FINGERPRINT_EXCEPTION, "exception")                                                          \
    X(FINGERPRINT_THREADS, "threads")                                                              \
    X(FINGERPRINT_STACKTRACE, "stacktrace")                                                        \
    X(FINGERPRINT_TEMPLATE, "template")                                                            \
    X(FINGERPRINT_SECURITY, "security")                                                            \
    X(FINGERPRINT_MESSAGE, "message")                                                              \
    X(FINGERPRINT_NOTHING, "nothing") /* all such events are one issue */

enum fingerprint_method {
#define FINGERPRINT_ENUM(constant, name) constant,
    FINGERPRINT_METHODS(FINGERPRINT_ENUM)
#undef FINGERPRINT_ENUM
        FINGERPRINT_METHOD_COUNT
};

const char *fingerprint_method_name(enum fingerprint_method method);

struct fingerprint {
    struct id hashes[FINGERPRINT_HASHES_MAX];
    uint32_t count; /* 1 to FINGERPRINT_HASHES_MAX */
    uint32_t own;   /* so many are of this version; those behind are of older ones */
    enum fingerprint_method method;
    bool is_hybrid; /* the sender's fingerprint, with the default one spliced in */
};

/* Fills `out`. Borrows the event until return; working memory comes from `scratch`. Cannot fail:
 * should `scratch` run out (see `exhausted`), the hashes are of what fitted. */
void fingerprint_of(struct arena *scratch, const struct event *event, struct fingerprint *out);

/* Adds what an older version says of the same event, newest version first; what is there already,
 * or finds no room, is left out. To raise FINGERPRINT_VERSION, keep the old way to hash and add its
 * answer with this at the end of fingerprint_of. */
void fingerprint_add_older(struct fingerprint *fingerprint, const struct id *hashes,
                           uint32_t count);

/* As fingerprint_of, and writes one JSON map that tells why:
 *   {"version","method","rule"?,"hashes":[…],"fingerprint"?:[…],"variants":[{"name","hash",
 *    "parts":[{"part","depth","counts","text"?,"why"?}…]}…]}
 * "fingerprint" is the sender's, where the default one is spliced in. Parts are in the order in
 * which they are hashed; `depth` tells which part belongs to which. */
void fingerprint_explain(struct arena *scratch, const struct event *event, struct fingerprint *out,
                         struct json *json);
