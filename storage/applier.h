/* SPDX-License-Identifier: Apache-2.0 */
/* applier — moves partitions: knows where each of them stands in Redis, and sends what comes next.
 *
 * Every function that gives false has closed the link; applier_connect asks again where everything
 * stands. There is no other way to go on after a failure, since nobody knows which of the commands
 * under way were carried out.
 *
 * Owner: the committer's thread.
 */
#pragma once
#include "storage/batch.h"
#include "storage/redis.h"
#include "storage/windows.h"

/* Since the start. */
struct applier_counts {
    uint64_t events;
    uint64_t duplicates;
    uint64_t issues_new;
    uint64_t facts;
    uint64_t batches;
    uint64_t batch_events;
    uint64_t commands;
    uint64_t commit_us;
    uint64_t connects;
    uint64_t mismatches;
    uint64_t outcomes[FATE_COUNT][CATEGORY_COUNT];
};

/* Told of groups of a correlation that Redis gave up for want of room. */
typedef void forgot_fn(void *context, struct slice rule, uint64_t groups);

struct applier {
    struct redis *link;
    struct id node;
    uint32_t index_seconds;
    struct batch *batch;              /* what the next commit sends */
    struct windows *windows;          /* and its hits of correlations */
    uint64_t stands[PARTITION_COUNT]; /* last sequence applied in each partition */
    struct applier_counts counts;
    forgot_fn *forgot; /* NULL: nobody asks; set after applier_init, with its context */
    void *forgot_context;
    char error[256]; /* of the last failure */
};

void applier_init(struct applier *applier, const struct redis_options *options, struct id node,
                  uint32_t index_seconds);
void applier_done(struct applier *applier);

/* Connects, loads the functions, reads where all partitions stand. A partition that stands past
 * `most` is set back to it: at the first connection, Redis cannot have more of us than our journal
 * held when it was opened, unless an older copy of the journal was put back. */
MUST_USE bool applier_connect(struct applier *applier, uint64_t most);

bool applier_is_connected(const struct applier *applier);
void applier_disconnect(struct applier *applier);

/* Sends the batch, which holds all events of records up to `last` that a partition does not have
 * yet, and empties it. */
MUST_USE bool applier_commit(struct applier *applier, uint64_t last);

/* Tells correlations that time is over up to `settled_ms`; at most SETTLE_STATES_MAX states of each
 * partition are judged. */
MUST_USE bool applier_settle(struct applier *applier, int64_t settled_ms);

/* Moves every partition to `position`, up to which there is nothing more for any of them. */
MUST_USE bool applier_advance(struct applier *applier, uint64_t position);

/* Asks whether one partition still stands where we think. */
MUST_USE bool applier_check(struct applier *applier, uint32_t partition);

/* All partitions stand at least here. */
uint64_t applier_low(const struct applier *applier);

/* None of them stands past this. */
uint64_t applier_high(const struct applier *applier);
