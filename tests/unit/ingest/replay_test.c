/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/pipeline.h"
#include "ingest/replay.h"
#include "tests/unit/ingest/pass.h"

#define RULE(message) PASS_RULE("11111111-1111-1111-1111-111111111111", "R", message)

static struct snapshot_box *box;
static struct replay *replay;
static struct arena keep;

static void setup(void)
{
    box = snapshot_box_new();
    cr_assert(box != NULL && arena_init(&keep, JOB_BYTES));
    snapshot_publish(box, pass_snapshot(RULE("broke")));
    replay = replay_new(box);
    cr_assert_not_null(replay);
}

static void teardown(void)
{
    replay_free(replay);
    snapshot_box_free(box);
    arena_done(&keep);
}

TestSuite(replay, .init = setup, .fini = teardown);

static struct fault run(struct slice body, struct effect **effects)
{
    struct record record = pass_record(RECORD_STORE, body);
    return replay_run(replay, &record, &keep, effects);
}

Test(replay, gives_the_effects_that_the_worker_made_of_the_record)
{
    struct pipeline *pipeline = pipeline_new();
    struct snapshot *snapshot = snapshot_current(box);
    struct record record = pass_record(RECORD_STORE, SLICE("{\"message\":\"it broke\"}"));
    struct arena scratch;
    struct outcome live;
    struct effect *again = NULL;
    cr_assert(pipeline != NULL && arena_init(&scratch, SCRATCH_BYTES));
    cr_assert(pipeline_follow(pipeline, snapshot));
    cr_assert_not(fault_is(pipeline_run(pipeline, snapshot, &record, &scratch, &keep, &live)));

    struct fault fault = run(record.body, &again);

    cr_assert_not(fault_is(fault), "%s", fault.reason);
    cr_expect(id_eq(again->event, live.effects->event));
    cr_expect(id_eq(again->hashes[0], live.effects->hashes[0]));
    cr_expect_eq(again->match_count, live.effects->match_count);
    cr_expect_eq(again->match_count, 1u);
    cr_expect(slice_eq(again->title, live.effects->title));
    arena_done(&scratch);
    snapshot_release(snapshot);
    pipeline_free(pipeline);
}

Test(replay, uses_the_newest_snapshot)
{
    struct effect *effects = NULL;
    cr_assert_not(fault_is(run(SLICE("{\"message\":\"it broke\"}"), &effects)));
    cr_assert_eq(effects->match_count, 1u);

    snapshot_publish(box, pass_snapshot(RULE("slow")));

    cr_assert_not(fault_is(run(SLICE("{\"message\":\"it broke\"}"), &effects)));
    cr_expect_eq(effects->match_count, 0u);
    cr_assert_not(fault_is(run(SLICE("{\"message\":\"it was slow\"}"), &effects)));
    cr_expect_eq(effects->match_count, 1u);
}

Test(replay, a_bad_record_is_a_fault_and_the_next_one_is_fine)
{
    struct effect untouched;
    struct effect *effects = &untouched;

    struct fault fault = run(SLICE("{\"message\""), &effects);

    cr_expect_eq(fault.kind, FAULT_MALFORMED);
    cr_expect_eq(effects, &untouched);
    cr_assert_not(fault_is(run(SLICE("{\"message\":\"x\"}"), &effects)));
    cr_expect_neq(effects, &untouched);
}

Test(replay, needs_no_more_memory_for_many_records_than_for_one)
{
    for (unsigned i = 0; i < 5000; i++) {
        struct effect *effects = NULL;
        struct fault fault = run(SLICE("{\"message\":\"it broke\"}"), &effects);
        cr_assert_not(fault_is(fault), "record %u: %s", i, fault.reason);
        arena_reset(&keep); /* what the committer does after each batch */
    }
}

Test(replay, freeing_nothing_is_fine)
{
    replay_free(NULL);
}
