/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/rewrite.h"
#include "tests/unit/ingest/pass.h"

static struct pipeline *pipeline;
static struct snapshot *snapshot;
static struct arena scratch;
static struct arena keep;

static void setup(void)
{
    pipeline = pipeline_new();
    snapshot = pass_snapshot(NULL);
    cr_assert(pipeline != NULL && arena_init(&scratch, SCRATCH_BYTES) &&
              arena_init(&keep, JOB_BYTES));
    cr_assert(pipeline_follow(pipeline, snapshot));
}

static void teardown(void)
{
    pipeline_free(pipeline);
    snapshot_release(snapshot);
    arena_done(&scratch);
    arena_done(&keep);
}

TestSuite(rewrite, .init = setup, .fini = teardown);

static const char body[] =
    "{\"sent_at\":\"2023-11-14T20:00:00Z\"}\n{\"type\":\"event\"}\n"
    "{\"event_id\":\"" PASS_EVENT_ID "\",\"timestamp\":1699990000,\"platform\":\"javascript\","
    "\"exception\":[{\"type\":\"E\",\"value\":\"no card 4111111111111111 for token=abc1\"}],"
    "\"extra\":{\"password\":\"hunter2\"},\"user\":{\"id\":7}}\n"
    "{\"type\":\"attachment\",\"length\":7,\"filename\":\"a.txt\"}\nhunter2\n"
    "{\"type\":\"session\"}\n{\"sid\":\"1\",\"status\":\"ok\",\"init\":true,\"started\":"
    "\"2023-11-14T20:00:00Z\",\"attrs\":{\"release\":\"1\"}}\n";

static struct outcome run(const struct record *record)
{
    struct outcome outcome;
    struct fault fault = pipeline_run(pipeline, snapshot, record, &scratch, &keep, &outcome);
    cr_assert_not(fault_is(fault), "%s", fault.reason);
    return outcome;
}

static struct record rewritten(const struct record *record, const struct outcome *outcome,
                               bool drop_address)
{
    struct record out;
    cr_assert_not(fault_is(rewrite_record(record, outcome, drop_address, &keep, &out)));
    cr_expect_eq(out.kind, RECORD_SCRUBBED);
    return out;
}

static bool has(struct slice text, const char *part)
{
    return slice_search(text, slice_str(part)) != text.len;
}

Test(rewrite, the_journal_gets_no_secret_and_the_issue_stays_the_same)
{
    const struct record record = pass_record(RECORD_ENVELOPE, SLICE(body));
    struct outcome before = run(&record);
    const struct record kept = rewritten(&record, &before, false);
    cr_expect_not(has(kept.body, "hunter2"));
    cr_expect_not(has(kept.body, "4111111111111111"));
    cr_expect_not(has(kept.body, "abc1"));
    cr_expect(has(kept.body, "@password:filter"));
    struct outcome after = run(&kept);
    const struct effect *a = before.effects;
    const struct effect *b = after.effects;
    cr_assert(a != NULL && b != NULL && a->hash_count == b->hash_count);
    cr_expect(memcmp(a->hashes, b->hashes, a->hash_count * sizeof(struct id)) == 0);
    cr_expect(id_eq(a->event, b->event));
    cr_expect(slice_eq(a->title, b->title), "%.*s", SLICE_ARG(b->title));
    cr_expect(slice_eq(a->user, b->user) && a->at_us == b->at_us);
    cr_expect_eq(a->category, b->category);
    cr_expect_eq(before.event_bytes, after.event_bytes);
    for (a = a->next, b = b->next; a != NULL; a = a->next) { /* counts, in any order */
        const struct effect *at = after.effects->next;
        while (at != NULL && (at->category != a->category || at->fate != a->fate ||
                              !slice_eq(at->reason, a->reason))) {
            at = at->next;
        }
        cr_assert_not_null(at);
        cr_expect_eq(at->quantity, a->quantity);
    }
}

Test(rewrite, a_replay_gives_what_the_first_time_gave)
{
    const struct record record = pass_record(RECORD_ENVELOPE, SLICE(body));
    struct outcome before = run(&record);
    const struct record kept = rewritten(&record, &before, false);
    struct outcome live = run(&kept);
    const struct record again = rewritten(&kept, &live, false);
    cr_expect(slice_eq(kept.body, again.body), "%.*s\n%.*s", SLICE_ARG(kept.body),
              SLICE_ARG(again.body));
}

Test(rewrite, the_address_goes_when_addresses_do_and_its_place_stays)
{
    const struct record record = pass_record(RECORD_ENVELOPE, SLICE(body));
    const struct scrub_options options = {.remove_addresses = true};
    snapshot->scrubbing.common = scrub_rules_new(&snapshot->arena, &options);
    struct outcome before = run(&record);
    struct event *event = ARENA_NEW(&scratch, struct event);
    *event = *before.events->event;
    event->user.place = (struct geo_place){.country_code = SLICE("DE"), .city = SLICE("Bonn")};
    struct passed_event passed = {event, before.events->effect, before.event_bytes, NULL};
    before.events = &passed;
    const struct record kept = rewritten(&record, &before, true);
    cr_expect_eq(kept.address.len, 0);
    struct outcome after = run(&kept);
    cr_expect(slice_eq(after.event->user.place.city, SLICE("Bonn")));
    cr_expect_eq(after.event->user.ip_address.len, 0);
}

Test(rewrite, bodies_that_rewriting_never_makes_are_refused)
{
    static const char *const bodies[] = {
        "",
        "7",
        "{}",
        "{\"events\":[7]}",
        "{\"events\":[{\"event\":7}]}",
        "{\"events\":[{\"event\":{},\"hashes\":[],\"category\":0,\"bytes\":1}]}",
        "{\"events\":[{\"event\":{},\"hashes\":[\"x\"],\"category\":0,\"bytes\":1}]}",
        "{\"events\":[{\"event\":{},\"hashes\":[\"" PASS_KEY "\"],\"category\":99,\"bytes\":1}]}",
    };
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        struct outcome outcome;
        const struct record record = pass_record(RECORD_SCRUBBED, slice_str(bodies[i]));
        cr_expect(fault_is(pipeline_run(pipeline, snapshot, &record, &scratch, &keep, &outcome)),
                  "%s", bodies[i]);
    }
}

Test(rewrite, what_does_not_fit_into_a_job_is_too_big)
{
    static _Alignas(16) char room[64];
    struct arena small;
    struct record out;
    const struct record record = pass_record(RECORD_ENVELOPE, SLICE(body));
    struct outcome before = run(&record);
    arena_over(&small, room, sizeof(room));
    cr_expect_eq(rewrite_record(&record, &before, false, &small, &out).kind, FAULT_TOO_BIG);
}
