/* SPDX-License-Identifier: Apache-2.0 */
/* parameterise — takes the changing parts out of a message, so that its repeats look alike.
 *
 *   "user 4711 from 10.0.0.7 timed out after 30.5s"  ─▶  "user <int> from <ip> timed out after
 * <duration>"
 *
 * One pass from left to right. Where a value can begin, the kinds are tried in a fixed order and
 * the first that fits is taken, whole; so a date is not three numbers, and a name in an address is
 * no host. Kinds and their order follow Sentry's published parameterisation.
 *
 * Written by hand rather than as one regular expression: 0.2 µs instead of 8 µs for a message of
 * 100 bytes, since nearly all places are left behind after one table look-up.
 *
 * Pure. The output is never parameterised again: "<int>" holds nothing that would match.
 */
#pragma once
#include "ingest/base/arena.h"

/*       constant            name: written between < and >     */
#define PARAMETERS(X)                                                                              \
    X(PARAMETER_EMAIL, "email")                                                                    \
    X(PARAMETER_URL, "url")                                                                        \
    X(PARAMETER_HOSTNAME, "hostname")                                                              \
    X(PARAMETER_IP, "ip")                                                                          \
    X(PARAMETER_TRACEPARENT, "traceparent")                                                        \
    X(PARAMETER_UUID, "uuid")                                                                      \
    X(PARAMETER_SHA1, "sha1")                                                                      \
    X(PARAMETER_MD5, "md5")                                                                        \
    X(PARAMETER_DATE, "date")                                                                      \
    X(PARAMETER_DURATION, "duration")                                                              \
    X(PARAMETER_MAC, "mac_addr")                                                                   \
    X(PARAMETER_SWIFT_TXN_ID, "swift_txn_id")                                                      \
    X(PARAMETER_HEX, "hex")                                                                        \
    X(PARAMETER_GIT_SHA, "git_sha")                                                                \
    X(PARAMETER_RANDOM_ID, "random_id")                                                            \
    X(PARAMETER_FLOAT, "float")                                                                    \
    X(PARAMETER_INT, "int")                                                                        \
    X(PARAMETER_QUOTED_STR, "quoted_str")                                                          \
    X(PARAMETER_BOOL, "bool")

enum parameter {
#define PARAMETER_ENUM(constant, name) constant,
    PARAMETERS(PARAMETER_ENUM)
#undef PARAMETER_ENUM
        PARAMETER_COUNT
};

/* Gives `message` with its values replaced: `message` itself when there are none or it is longer
 * than PARAMETERISE_BYTES_MAX, else a copy in `arena` (`message` again, should that be full). */
struct slice parameterise(struct arena *arena, struct slice message);
