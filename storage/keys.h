/* SPDX-License-Identifier: Apache-2.0 */
/* keys — every Redis key that is written here; alerting has its own (alerting/keys.h).
 *
 * NN is the partition, two digits, 00 to 63; being the hash tag, it keeps a partition's keys on one
 * node of a cluster. Adding a key is a row here. Times are milliseconds unless the name says else.
 *
 *  applied  node id (32 hex) -> last sequence of that node's journal applied to this partition
 *  hashes   fingerprint (32 hex) -> issue id
 *  issues   member issue id, score last_seen
 *  issue    project count status (unresolved, resolved, ignored) resolved_at;
 *           of its first event: first_seen first_release first_event (32 hex);
 *           of its last: last_seen last_release last_event title culprit level platform type
 *           logger last_place "node:sequence:index" (node: 8 hex)
 *           merged_into the issue it is part of; parts how many are part of it; grouping the
 *           version of the fingerprint that made it
 *  parts    the issues that were merged into it; own: what it would be alone (merge.lua)
 *  issue's  hashes: those that were first seen with it
 *  users    HyperLogLog of the affected users
 *  events   event id (16 bytes) -> place (4 bytes of node id, u64 sequence, u16 index, big endian)
 *           followed by the issue id in decimal. By hour of receipt: finds an event by its id, and
 *           an id that is there in this hour or one beside it is not counted again
 *  outcomes "fate:category:reason" -> how many, by hour of receipt (event/fate.h, category.h)
 *  window   state of one correlation and group: MessagePack, functions/correlate.lua
 *  trees    digest -> correlation_tree.h's JSON
 *  waiting  window (its two numbers) -> event time at which it waits for time to be over
 *  idle     windows of one tree by their last hit
 *  fed      partition -> the last of its facts that hit a window here
 *  (buckets of limits, t:{NN}:p:<project>:b:<limit>:<key>, are limiter.h's: hashes of two windows)
 *  facts    what alerting reads: kind project issue event title culprit level platform type
 *           environment release at n; of a detection rule rule_title rule_level, of a correlation
 *           group and group_by (JSON lists); of a change by a person actor
 */
#pragma once
#include "ingest/base/slice.h"
#include <stdint.h>

#define KEY_BYTES_MAX 96u

/* clang-format off */
/*    constant       pattern                        type      expiry           writer             */
#define KEYS(X)                                                                                    \
    X(KEY_APPLIED, "t:{NN}:applied", "hash", "never", "tocsin_commit, tocsin_applied")             \
    X(KEY_HASHES, "t:{NN}:p:<project>:hashes", "hash", "never", "tocsin_commit")                   \
    X(KEY_ISSUES, "t:{NN}:p:<project>:issues", "zset", "never", "tocsin_commit")                   \
    X(KEY_ISSUE, "t:{NN}:i:<issue>", "hash", "never", "tocsin_commit, tocsin_issue_status")        \
    X(KEY_PARTS, "t:{NN}:i:<issue>:parts", "set", "never", "tocsin_merge, tocsin_unmerge")         \
    X(KEY_OWN, "t:{NN}:i:<issue>:own", "hash", "never", "tocsin_merge, tocsin_commit")             \
    X(KEY_OWN_USERS, "t:{NN}:i:<issue>:own:users", "string", "never", "tocsin_merge")              \
    X(KEY_ISSUE_HASHES, "t:{NN}:i:<issue>:hashes", "set", "never", "tocsin_commit")                \
    X(KEY_USERS, "t:{NN}:i:<issue>:users", "string", "never", "tocsin_commit")                     \
    X(KEY_EVENTS, "t:{NN}:p:<project>:e:<hour>", "hash", "index hours", "tocsin_commit")           \
    X(KEY_OUTCOMES, "t:{NN}:p:<project>:o:<hour>", "hash", "90 days", "tocsin_commit")             \
    X(KEY_WINDOW, "t:{NN}:w:<high>:<low>", "string", "2 timespans, 1 hour", "tocsin_commit")       \
    X(KEY_TREES, "t:{NN}:trees", "hash", "never", "tocsin_commit")                                 \
    X(KEY_WAITING, "t:{NN}:waiting", "zset", "never", "tocsin_commit, tocsin_settle")              \
    X(KEY_IDLE, "t:{NN}:g:<digest>", "zset", "2 timespans, 1 hour", "tocsin_commit")               \
    X(KEY_FED, "t:{NN}:fed", "hash", "never", "tocsin_feed")                                       \
    X(KEY_FACTS, "t:{NN}:facts", "stream", "about 100,000", "tocsin_commit, tocsin_issue_status")  \
    X(KEY_ISSUE_SEQ, "t:{NN}:issue_seq", "string", "never", "tocsin_commit")

enum key {
#define KEY_ENUM(constant, pattern, type, expiry, writer) constant,
    KEYS(KEY_ENUM)
#undef KEY_ENUM
        KEY_COUNT
};
/* clang-format on */

struct key_row {
    const char *pattern;
    const char *type;
    const char *expiry;
    const char *writer;
};

/* Borrows for ever. */
const struct key_row *key_row(enum key key);

/* Fills the key's text and gives it as a slice of `out`: NN from `partition`, the first <...> from
 * `first`, the second from `second`. */
struct slice key_format(char out[static KEY_BYTES_MAX], enum key key, uint32_t partition,
                        uint64_t first, uint64_t second);

/* The partition an issue lies in. */
uint32_t key_issue_partition(uint64_t issue);

/* True when `text` is a key of this row's pattern (numbers for NN and <...>). */
bool key_matches(enum key key, struct slice text);
