/* SPDX-License-Identifier: Apache-2.0 */
/* replay — the committer's way to run the pass again over a record read back from the journal.
 *
 * Owns tools and a scratch of its own, since it runs on the committer's thread. Uses the newest
 * snapshot: what grouping and rules say now is what a rebuilt Redis will hold.
 */
#pragma once
#include "ingest/base/fault.h"
#include "ingest/base/slice.h"

struct arena;
struct effect;
struct record;
struct replay;
struct snapshot_box;

struct replay *replay_new(struct snapshot_box *box); /* NULL without memory */
void replay_free(struct replay *replay);

/* A forgot_fn (storage/applier.h): counted for the rule; context is the replay. */
void replay_forgot(void *replay, struct slice rule, uint64_t groups);

/* A replay_fn (storage/committer.h); context is the replay. */
MUST_USE struct fault replay_run(void *replay, const struct record *record, struct arena *keep,
                                 struct effect **out_effects);
