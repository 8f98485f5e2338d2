/* SPDX-License-Identifier: Apache-2.0 */
/* stored — alerts and groups as the hashes they are in Redis, and back.
 *
 *   alert:<key>  state period events starts ends news resolve (us) muted issue, labels and
 *                annotations (JSON objects)
 *   group:<id>   key (Alertmanager's groupKey) route lane labels (JSON) birth opened told (us)
 *                notices left_out last (id of its last notice) members "alertkey:told …"
 *
 * What is read is not trusted: a backup may be old, a hand may have been at it. Unknown or wrong
 * fields read as nothing known, and never trip an assertion later.
 */
#pragma once
#include "alerting/policy/policy.h"
#include <hiredis/hiredis.h>

/* Names and values, alternating, as HSET wants them. */
#define STORED_FIELDS_MAX 32u
struct stored_fields {
    struct slice items[STORED_FIELDS_MAX];
    uint32_t count;
};

/* A group with what Redis knows beyond policy's. */
struct stored_group {
    struct group group;
    struct slice id;    /* 32 hex digits: MD5 of group key and lane */
    struct slice key;   /* Alertmanager's groupKey */
    struct slice route; /* the route's key */
    struct slice lane;
    struct labels labels;
    struct slice birth; /* the alert it began with: key, period and start */
    struct slice last;  /* id of the last notice; empty: none */
};

/* Fills `out` from a HGETALL reply; ALERT_NONE when it is empty. `key` is kept. Texts are copied to
 * `arena`; false when that is full. */
MUST_USE bool stored_read_alert(const redisReply *reply, struct slice key, struct arena *arena,
                                struct alert *out);

/* As above; members come as keys in `out_members` (room for GROUP_ALERTS_MAX), in the order of
 * `out->group.members`, whose alerts are yet to be found. */
MUST_USE bool stored_read_group(const redisReply *reply, struct arena *arena,
                                struct stored_group *out, struct slice *out_members);

/* Fills with what is to be stored; false when the arena is full. */
MUST_USE bool stored_write_alert(const struct alert *alert, struct arena *arena,
                                 struct stored_fields *out);
MUST_USE bool stored_write_group(const struct stored_group *group, struct arena *arena,
                                 struct stored_fields *out);
