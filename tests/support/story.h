/* SPDX-License-Identifier: Apache-2.0 */
/* story — a made-up stream of requests, for tests of the store.
 *
 * Record `number` of a story always holds the same events, so the pass over what the journal gives
 * back is a pure function of it, as in the real server: none to three events in six projects of
 * three partitions, a few busy issues and many rare ones, some known by several hashes, one event
 * in eight sent a second time (now and then hours later), and rules that held.
 *
 * Every event has its own millisecond: which of two was the last is never a matter of taste.
 */
#pragma once
#include "ingest/base/arena.h"
#include "storage/journal.h"

/* Of record 1; each record is STORY_STEP_US later than the one before: 360 an hour. */
#define STORY_START_US INT64_C(1800000000000000)
#define STORY_STEP_US  INT64_C(10000000)

#define STORY_EVENTS_MAX 3u
#define STORY_RULES      3u

/* One submitter. */
struct story {
    uint64_t seed;
    uint64_t told; /* records submitted */
    atomic_uint kept;
    atomic_uint refused;
    atomic_uint released;
};

/* The events of a story's record, in `keep`; a replay_fn (storage/committer.h), context unused. A
 * body that is no story's is MALFORMED. */
struct fault story_replay(void *context, const struct record *record, struct arena *keep,
                          struct effect **out_effects);

/* Submits the next `count` records. */
void story_tell(struct story *story, struct journal *journal, unsigned count);

/* Waits until all that was submitted is answered and released. */
void story_settle(struct story *story);
