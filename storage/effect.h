/* SPDX-License-Identifier: Apache-2.0 */
/* effect — what one event, or one count, changes in Redis, computed by the pure pass.
 *
 *   an event   hashes ≥ 1: an issue and its facts; counted as accepted, or as a duplicate
 *   a count    no hashes: `quantity` of `category` met the fate `fate` for `reason`, and no more
 *
 * Plain data in the job's `keep` arena, valid until the entry it hangs on is released. An effect
 * never depends on what Redis holds: whether its issue is new or known, or the event a duplicate,
 * is decided by tocsin_commit, in one atomic step with the counting.
 */
#pragma once
#include "ingest/event/category.h"
#include "ingest/event/event.h"
#include "ingest/event/fate.h"

#define PARTITION_COUNT 64u

/* Hashes of one event: its own, and those of older or coarser ways to group (see fingerprint.h). */
#define EFFECT_HASHES_MAX 4u

/* A rule that held for the event. */
struct effect_match {
    struct slice rule; /* id */
    struct slice title;
    struct slice level; /* informational, low, medium, high, critical */
};

/* A hit of a correlation (rules/correlation_tree.h), in the partition of its group. */
struct effect_window {
    uint32_t partition;
    struct slice digest; /* of the tree */
    struct slice tree;
    uint32_t node; /* of the tree, from 1 */
    uint32_t source;
    double value; /* NAN: none */
    const struct slice *group;
    uint32_t group_count;
};

struct effect {
    struct effect *next; /* the next event of the same record, or NULL */
    uint32_t partition;  /* effect_partition(project) */
    uint32_t project;
    uint32_t index; /* of the event in its record, from 0 */
    struct id event;
    struct id hashes[EFFECT_HASHES_MAX]; /* the first known one names the issue */
    uint32_t hash_own;   /* so many are of version `grouping`, the others of older ones; 0: all */
    uint32_t grouping;   /* FINGERPRINT_VERSION, kept with an issue it makes */
    uint32_t hash_count; /* 0: a count */
    enum category category;
    enum fate fate;      /* these three of a count alone */
    struct slice reason; /* of few known words; empty: none */
    uint32_t quantity;   /* from 1 */
    int64_t at_us;       /* when it happened */
    int64_t received_us; /* the record's */
    enum level level;
    enum event_type type;
    struct slice title;
    struct slice culprit;
    struct slice platform;
    struct slice logger;
    struct slice environment;
    struct slice release;
    struct slice server_name;
    struct slice user; /* a stable key of who was affected ("id:42"); empty: unknown */
    const struct effect_match *matches;
    uint32_t match_count; /* at most MATCHES_PER_EVENT_MAX */
    const struct effect_window *windows;
    uint32_t window_count; /* at most EFFECT_WINDOWS_MAX */
};

static inline bool effect_is_count(const struct effect *effect)
{
    return effect->hash_count == 0;
}

static inline uint32_t effect_partition(uint32_t project)
{
    return project % PARTITION_COUNT;
}
