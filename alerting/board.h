/* SPDX-License-Identifier: Apache-2.0 */
/* board — the alerts and groups of one partition that one step looks at.
 *
 *   want ▸ want ▸ … ▸ board_load (one round trip) ▸ decide in memory ▸ board_commit (one FCALL)
 *
 * What is read here is only believed if the partition's version is still the same when the step is
 * committed: then nothing another node did can have been missed. A step that lost the race throws
 * its board away. Everything lives in the arena of the step. Owner: the watcher's thread.
 */
#pragma once
#include "alerting/stored.h"
#include "storage/redis.h"

#define BOARD_BUCKETS 1024u

struct board_alert {
    struct alert alert;
    struct board_alert *next_in_bucket;
    struct board_alert *next; /* in the order they were wanted */
    bool is_loaded;
    bool is_changed;
};

struct board_group {
    struct stored_group stored;
    struct slice *members; /* keys, as loaded */
    struct board_group *next_in_bucket;
    struct board_group *next;
    int64_t due_us; /* ask again then; 0: no need to */
    bool is_loaded;
    bool is_over; /* to be forgotten */
    bool is_changed;
};

/* A notice to put into the outbox. */
struct board_notice {
    struct board_notice *next;
    struct slice id;
    struct slice lane;
    struct slice after; /* id of the notice of the same group before it; may be empty */
    struct stored_fields fields;
};

/* A timer that stands for nothing any more. */
struct board_stale {
    struct board_stale *next;
    struct slice member;
};

struct board {
    struct arena *arena; /* borrowed */
    struct redis *redis; /* borrowed */
    uint32_t partition;
    int64_t now_us;
    struct board_alert *alert_buckets[BOARD_BUCKETS];
    struct board_group *group_buckets[BOARD_BUCKETS];
    struct board_alert *alerts;
    struct board_alert **alerts_end;
    struct board_group *groups;
    struct board_group **groups_end;
    struct board_notice *notices;
    struct board_notice **notices_end;
    struct board_stale *stale;
};

void board_init(struct board *board, uint32_t partition, int64_t now_us);

/* Find or make an entry; the text must be 32 hex digits and is copied. NULL when the arena is full.
 */
struct board_alert *board_want_alert(struct board *board, struct slice key);
struct board_group *board_want_group(struct board *board, struct slice id);

/* Loads what is wanted and not yet loaded, and the members of groups; false when Redis broke or the
 * arena is full (its `exhausted` tells which). */
MUST_USE bool board_load(struct board *board);

/* Fills `*out` with the keys of all alerts an issue ever had. */
MUST_USE bool board_issue_alerts(struct board *board, struct slice issue, struct slice **out,
                                 uint32_t *count);

/* Fills with timers that are due ("a:<key>", "g:<id>"), at most `max`. */
MUST_USE bool board_due(struct board *board, struct slice *out, uint32_t max, uint32_t *count);

enum board_result { BOARD_DONE, BOARD_CONFLICT, BOARD_BROKEN };

/* Writes all that changed, adds the notices, and moves the cursor (empty: stays), if the version is
 * still `*version`; fills it with the new one. `*queued` gets the notices that found room. */
MUST_USE enum board_result board_commit(struct board *board, uint64_t *version, struct slice cursor,
                                        uint32_t *queued);
