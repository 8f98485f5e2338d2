/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/replay.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/pipeline.h"
#include <stdlib.h>

struct replay {
    struct snapshot_box *box;
    struct snapshot *snapshot;
    struct pipeline *pipeline;
    struct arena scratch;
};

struct replay *replay_new(struct snapshot_box *box)
{
    MUST(box != NULL);
    struct replay *replay = calloc(1, sizeof(*replay));
    if (replay == NULL) {
        return NULL;
    }
    replay->box = box;
    replay->pipeline = pipeline_new();
    if (replay->pipeline == NULL || !arena_init(&replay->scratch, SCRATCH_BYTES)) {
        replay_free(replay);
        return NULL;
    }
    pipeline_only_counts(replay->pipeline, true);
    return replay;
}

void replay_free(struct replay *replay)
{
    if (replay != NULL) {
        pipeline_free(replay->pipeline);
        snapshot_release(replay->snapshot);
        arena_done(&replay->scratch);
        free(replay);
    }
}

struct fault replay_run(void *context, const struct record *record, struct arena *keep,
                        struct effect **out_effects)
{
    struct replay *replay = context;
    MUST(replay != NULL && record != NULL && keep != NULL && out_effects != NULL);
    struct outcome outcome;
    if (replay->snapshot == NULL ||
        replay->snapshot->generation != snapshot_generation(replay->box)) {
        struct snapshot *newest = snapshot_current(replay->box);
        MUST(newest != NULL);
        (void)pipeline_follow(replay->pipeline, newest);
        snapshot_release(replay->snapshot);
        replay->snapshot = newest;
    }
    struct fault fault =
        pipeline_run(replay->pipeline, replay->snapshot, record, &replay->scratch, keep, &outcome);
    arena_reset(&replay->scratch);
    if (!fault_is(fault)) {
        *out_effects = outcome.effects;
    }
    return fault;
}

void replay_forgot(void *context, struct slice rule, uint64_t groups)
{
    struct replay *replay = context;
    MUST(replay != NULL && groups > 0);
    struct snapshot *snapshot = snapshot_current(replay->box);
    if (snapshot != NULL && snapshot->ledger != NULL) {
        struct rule_fates *fates = rule_ledger_fates(snapshot->ledger);
        rule_fates_add(fates, rule_fates_find(fates, rule), RULE_FORGOTTEN, groups);
    }
    snapshot_release(snapshot);
}
