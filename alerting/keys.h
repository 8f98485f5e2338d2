/* SPDX-License-Identifier: Apache-2.0 */
/* keys — every Redis key of alerting's, beside those of storage/keys.h.
 *
 * All begin with the partition's prefix, t:{NN}:, and lie in the partition of their project. A *
 * stands for any text. Adding a key is a row here; a test finds every key that has none.
 *
 *  facts_read  cursor (id of the last fact taken), version (steps taken)
 *  alerts      member alert key, score when it began (ms): those that fire
 *  alert       stored.h; key is 32 hex: rule and issue
 *  of_issue    alert keys an issue ever had
 *  group       stored.h; id is 32 hex: group key and lane
 *  due         member a:<alert key> or g:<group id>, score when to look at it (ms)
 *  lanes       lanes with notices waiting
 *  outbox      member notice id, score when it is due (ms); by lane
 *  notice      state lane attempts created body group reason status alerts why owner next ended
 *  dead        member notice id, score when it was given up (ms)
 */
#pragma once
#include "ingest/base/slice.h"
#include <stdint.h>

/* clang-format off */
/*    constant  pattern  type  expiry  writer                                                     */
#define ALERTING_KEYS(X)                                                                          \
    X(ALERTING_KEY_READ, "facts_read", "hash", "never", "tocsin_alerting_commit")                 \
    X(ALERTING_KEY_ALERTS, "alerts", "zset", "never", "tocsin_alerting_commit")                   \
    X(ALERTING_KEY_ALERT, "alert:*", "hash", "30 days after its end", "tocsin_alerting_commit")   \
    X(ALERTING_KEY_OF_ISSUE, "i:*:alerts", "set", "never", "tocsin_alerting_commit")              \
    X(ALERTING_KEY_GROUP, "group:*", "hash", "a day after its end", "tocsin_alerting_commit")     \
    X(ALERTING_KEY_DUE, "due", "zset", "never", "tocsin_alerting_commit")                         \
    X(ALERTING_KEY_LANES, "lanes", "set", "never", "tocsin_alerting_commit tocsin_outbox_*")      \
    X(ALERTING_KEY_OUTBOX, "outbox:*", "zset", "never",                                           \
      "tocsin_alerting_commit tocsin_outbox_*")                                                   \
    X(ALERTING_KEY_NOTICE, "notice:*", "hash", "a week after delivery",                           \
      "tocsin_alerting_commit tocsin_outbox_*")                                                   \
    X(ALERTING_KEY_DEAD, "dead", "zset", "never", "tocsin_alerting_commit tocsin_outbox_*")

enum alerting_key {
#define ALERTING_KEY_ENUM(constant, pattern, type, expiry, writer) constant,
    ALERTING_KEYS(ALERTING_KEY_ENUM)
#undef ALERTING_KEY_ENUM
    ALERTING_KEY_COUNT
};
/* clang-format on */

struct alerting_key_row {
    const char *pattern;
    const char *type;
    const char *expiry;
    const char *writer;
};

/* Borrows for ever. */
const struct alerting_key_row *alerting_key_row(enum alerting_key key);

/* The row a key of Redis belongs to; ALERTING_KEY_COUNT when it is none of ours. */
enum alerting_key alerting_key_find(struct slice key);
