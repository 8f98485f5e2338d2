/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/pipeline.h"
#include "tests/unit/ingest/pass.h"
#include <stdio.h>
#include <stdlib.h>

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
}

static void teardown(void)
{
    pipeline_free(pipeline);
    snapshot_release(snapshot);
    arena_done(&scratch);
    arena_done(&keep);
}

TestSuite(pipeline, .init = setup, .fini = teardown);

static void use(struct snapshot *next)
{
    next->generation = snapshot->generation + 1;
    cr_assert(pipeline_follow(pipeline, next));
    snapshot_release(snapshot);
    snapshot = next;
}

static struct fault passed(enum record_kind kind, struct slice body, struct outcome *out)
{
    struct record record = pass_record(kind, body);
    arena_reset(&scratch);
    arena_reset(&keep);
    return pipeline_run(pipeline, snapshot, &record, &scratch, &keep, out);
}

static struct slice envelope_of(const char *header, const char *type, const char *payload)
{
    return arena_printf(&snapshot->arena, "%s\n{\"type\":\"%s\",\"length\":%zu}\n%s\n", header,
                        type, strlen(payload), payload);
}

static struct outcome stored(const char *json)
{
    struct outcome outcome;
    struct fault fault = passed(RECORD_STORE, slice_str(json), &outcome);
    cr_assert_not(fault_is(fault), "%s: %s", fault.reason, json);
    return outcome;
}

/* ---- the path ---- */

Test(pipeline, makes_of_an_event_what_changes_in_redis)
{
    struct outcome outcome;
    struct slice body =
        envelope_of("{\"event_id\":\"" PASS_EVENT_ID "\"}", "event",
                    "{\"event_id\":\"" PASS_EVENT_ID "\",\"timestamp\":1699999000.5,"
                    "\"level\":\"fatal\",\"platform\":\"python\",\"release\":\"shop@1\","
                    "\"environment\":\"prod\",\"server_name\":\"web1\",\"logger\":\"app\","
                    "\"exception\":{\"values\":[{\"type\":\"Boom\",\"value\":\"it broke\"}]}}");

    struct fault fault = passed(RECORD_ENVELOPE, body, &outcome);

    cr_assert_not(fault_is(fault), "%s", fault.reason);
    arena_reset(&scratch); /* an effect is the job's: it does not need the event any more */
    const struct effect *effect = outcome.effects;
    char hex[ID_HEX_BYTES + 1];
    id_format(effect->event, hex);
    cr_expect_str_eq(hex, PASS_EVENT_ID);
    cr_expect(id_eq(outcome.event_id, effect->event));
    cr_expect_eq(effect->project, 7u);
    cr_expect_eq(effect->partition, 7u);
    cr_expect(effect->hash_count >= 1 && !id_is_none(effect->hashes[0]));
    cr_expect_eq(effect->at_us, INT64_C(1699999000500000));
    cr_expect_eq(effect->received_us, INT64_C(1700000000000000));
    cr_expect_eq(effect->level, LEVEL_FATAL);
    cr_expect_eq(effect->type, EVENT_ERROR);
    const struct {
        struct slice got;
        const char *expected;
    } texts[] = {{effect->title, "Boom: it broke"},
                 {effect->platform, "python"},
                 {effect->release, "shop@1"},
                 {effect->environment, "prod"},
                 {effect->server_name, "web1"},
                 {effect->logger, "app"},
                 {effect->user, ""}};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        cr_expect(slice_eq(texts[i].got, slice_str(texts[i].expected)), "%s, not %.*s",
                  texts[i].expected, SLICE_ARG(texts[i].got));
    }
    cr_expect_eq(outcome.items[ITEM_EVENT], 1u);
    cr_expect_null(effect->next);
}

Test(pipeline, an_event_is_the_same_problem_whichever_way_it_came)
{
    const char *json = "{\"event_id\":\"" PASS_EVENT_ID "\",\"message\":\"it broke\"}";
    struct outcome by_envelope;
    struct fault fault = passed(RECORD_ENVELOPE, envelope_of("{}", "event", json), &by_envelope);
    cr_assert_not(fault_is(fault), "%s", fault.reason);
    struct id hash = by_envelope.effects->hashes[0];

    struct outcome by_store = stored(json);

    cr_expect(id_eq(by_store.effects->hashes[0], hash));
    cr_expect(id_eq(by_store.event_id, by_store.effects->event));
}

Test(pipeline, the_same_record_gives_the_same_outcome)
{
    const char *json = "{\"message\":\"it broke\",\"user\":{\"ip_address\":\"{{auto}}\"}}";
    struct outcome first = stored(json);
    struct effect kept = *first.effects;
    char title[64];
    snprintf(title, sizeof(title), "%.*s", SLICE_ARG(kept.title));

    struct outcome second = stored(json);

    cr_expect(id_eq(second.event_id, kept.event), "made from the record's seed");
    cr_expect_not(id_is_none(kept.event));
    cr_expect(id_eq(second.effects->hashes[0], kept.hashes[0]));
    cr_expect_eq(second.effects->at_us, kept.at_us);
    cr_expect(slice_eq(second.effects->title, slice_str(title)));
}

Test(pipeline, what_carries_no_event_changes_nothing_but_is_counted)
{
    const struct {
        const char *header;
        const char *type;
        enum item_kind kind;
        enum fate fate;
        bool is_named; /* it belongs to an event: the client is told an id */
    } cases[] = {
        {"{}", "session", ITEM_SESSION, FATE_INVALID, false},
        {"{}", "client_report", ITEM_CLIENT_REPORT, FATE_ACCEPTED, false},
        {"{}", "attachment", ITEM_ATTACHMENT, FATE_ACCEPTED, true},
        {"{}", "of_tomorrow", ITEM_UNKNOWN, FATE_INVALID, false},
        {"{\"event_id\":\"" PASS_EVENT_ID "\"}", "transaction", ITEM_TRANSACTION, FATE_ACCEPTED,
         true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct outcome outcome;
        struct fault fault =
            passed(RECORD_ENVELOPE, envelope_of(cases[i].header, cases[i].type, "{}"), &outcome);
        cr_assert_not(fault_is(fault), "%s: %s", cases[i].type, fault.reason);
        for (const struct effect *at = outcome.effects; at != NULL; at = at->next) {
            cr_expect(effect_is_count(at), "%s", cases[i].type);
            cr_expect_eq(at->category, item_category(cases[i].kind), "%s", cases[i].type);
            cr_expect_eq(at->fate, cases[i].fate, "%s", cases[i].type);
        }
        cr_expect_null(outcome.event, "%s", cases[i].type);
        cr_expect_eq(outcome.items[cases[i].kind], 1u, "%s", cases[i].type);
        cr_expect_eq(!id_is_none(outcome.event_id), cases[i].is_named, "%s", cases[i].type);
    }
}

Test(pipeline, tells_the_byte_of_the_whole_body_where_an_event_is_wrong)
{
    struct outcome outcome;
    struct slice body = envelope_of("{}", "event", "{\"message\": oops}");

    struct fault fault = passed(RECORD_ENVELOPE, body, &outcome);

    cr_expect_eq(fault.kind, FAULT_MALFORMED);
    cr_assert_lt(fault.offset, body.len);
    size_t at = slice_search(body, SLICE("oops"));
    cr_expect(fault.offset == at || fault.offset == at + 1, "byte %zu, not %zu", fault.offset, at);
}

Test(pipeline, refuses_what_is_not_an_event_and_then_nothing_counts)
{
    static const struct {
        enum record_kind kind;
        const char *body;
        enum fault_kind fault;
    } cases[] = {
        {RECORD_STORE, "", FAULT_MALFORMED},
        {RECORD_STORE, "[1]", FAULT_MALFORMED},
        {RECORD_STORE, "{\"message\":", FAULT_MALFORMED},
        {RECORD_ENVELOPE, "", FAULT_MALFORMED},
        {RECORD_ENVELOPE, "{}\n{\"type\":\"event\",\"length\":99}\n{}", FAULT_MALFORMED},
        {RECORD_ENVELOPE, "{}\n{\"type\":\"event\"}\n[]\n", FAULT_MALFORMED},
        {(enum record_kind)99, "{}", FAULT_UNSUPPORTED},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct outcome outcome;
        struct fault fault = passed(cases[i].kind, slice_str(cases[i].body), &outcome);
        cr_expect_eq(fault.kind, cases[i].fault, "%s: %s", cases[i].body,
                     fault.reason != NULL ? fault.reason : "well");
        cr_expect_null(outcome.effects, "%s", cases[i].body);
    }
}

Test(pipeline, an_event_may_have_so_many_bytes_and_no_more)
{
    char *json = malloc(EVENT_BYTES_MAX + 1);
    cr_assert_not_null(json);
    for (size_t length = EVENT_BYTES_MAX; length <= EVENT_BYTES_MAX + 1; length++) {
        struct outcome outcome;
        memset(json, ' ', length);
        memcpy(json, "{\"message\":\"x\"", 14);
        json[length - 1] = '}';
        struct fault fault = passed(RECORD_STORE, slice_of(json, length), &outcome);
        cr_expect_eq(fault.kind, length <= EVENT_BYTES_MAX ? FAULT_NONE : FAULT_TOO_BIG);
    }
    free(json);
}

Test(pipeline, an_event_that_does_not_fit_into_the_job_is_too_big)
{
    char room[256];
    struct arena small;
    struct outcome outcome;
    struct record record = pass_record(RECORD_STORE, SLICE("{\"message\":\"it broke\"}"));
    arena_over(&small, room, sizeof(room));

    struct fault fault = pipeline_run(pipeline, snapshot, &record, &scratch, &small, &outcome);

    cr_expect_eq(fault.kind, FAULT_TOO_BIG);
}

/* ---- who was affected ---- */

Test(pipeline, names_a_user_by_the_first_of_what_identifies_one)
{
    static const struct {
        const char *user;
        const char *expected;
    } cases[] = {
        {"{\"id\":\"42\",\"email\":\"a@b.c\"}", "id:42"},
        {"{\"email\":\"a@b.c\",\"username\":\"ann\"}", "email:a@b.c"},
        {"{\"username\":\"ann\",\"ip_address\":\"192.0.2.9\"}", "username:ann"},
        {"{\"ip_address\":\"192.0.2.9\"}", "ip:192.0.2.9"},
        {"{\"id\":\"\",\"username\":\"ann\"}", "username:ann"},
        {"{}", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char json[256];
        snprintf(json, sizeof(json), "{\"message\":\"x\",\"user\":%s}", cases[i].user);
        struct outcome outcome = stored(json);
        cr_expect(slice_eq(outcome.effects->user, slice_str(cases[i].expected)), "%s: %.*s",
                  cases[i].user, SLICE_ARG(outcome.effects->user));
    }
}

/* ---- rules ---- */

Test(pipeline, tells_which_rules_hold)
{
    use(pass_snapshot(PASS_RULE("11111111-1111-1111-1111-111111111111", "Broken",
                                "broke") "---\n" PASS_RULE("22222222-2222-2222-2222-222222222222",
                                                           "Slow", "slow")));

    struct outcome outcome = stored("{\"message\":\"it broke\"}");

    cr_assert_eq(outcome.effects->match_count, 1u);
    const struct effect_match *match = &outcome.effects->matches[0];
    cr_expect(slice_eq(match->rule, SLICE("11111111-1111-1111-1111-111111111111")));
    cr_expect(slice_eq(match->title, SLICE("Broken")));
    cr_expect(slice_eq(match->level, SLICE("high")));
}

Test(pipeline, follows_a_new_snapshot_and_its_rules)
{
    cr_expect_eq(stored("{\"message\":\"it broke\"}").effects->match_count, 0u);
    use(pass_snapshot(PASS_RULE("11111111-1111-1111-1111-111111111111", "Broken", "broke")));
    cr_expect_eq(stored("{\"message\":\"it broke\"}").effects->match_count, 1u);

    use(pass_snapshot(NULL));

    cr_expect_eq(stored("{\"message\":\"it broke\"}").effects->match_count, 0u);
}

Test(pipeline, remembers_so_many_rules_of_one_event_and_no_more)
{
    for (unsigned rules = MATCHES_PER_EVENT_MAX; rules <= MATCHES_PER_EVENT_MAX + 1; rules++) {
        char *yaml = calloc(rules, 256);
        size_t used = 0;
        cr_assert_not_null(yaml);
        for (unsigned i = 0; i < rules; i++) {
            used += (size_t)sprintf(yaml + used,
                                    "%s" PASS_RULE("00000000-0000-0000-0000-%012u", "R", "broke"),
                                    i > 0 ? "---\n" : "", i);
        }
        use(pass_snapshot(yaml));
        free(yaml);
        cr_expect_eq(stored("{\"message\":\"it broke\"}").effects->match_count,
                     MATCHES_PER_EVENT_MAX, "of %u", rules);
    }
}

/* ---- what is no event, or may not pass ---- */

static const struct effect *count_of(const struct outcome *outcome, enum fate fate)
{
    const struct effect *at = outcome->effects;
    while (at != NULL && (!effect_is_count(at) || at->fate != fate)) {
        at = at->next;
    }
    return at;
}

Test(pipeline, what_is_over_a_limit_is_left_out_and_its_attachments_with_it)
{
    struct record record =
        pass_record(RECORD_ENVELOPE, SLICE("{}\n{\"type\":\"event\"}\n{\"message\":\"a\"}\n"
                                           "{\"type\":\"attachment\"}\nx\n{\"type\":\"check_in\"}\n"
                                           "{\"monitor_slug\":\"a\",\"status\":\"ok\"}\n"));
    struct outcome outcome;
    record.parameters = SLICE("limited=error:daily");
    struct fault fault = pipeline_run(pipeline, snapshot, &record, &scratch, &keep, &outcome);
    cr_assert_not(fault_is(fault));

    cr_expect_eq(outcome.limited, 2u);
    cr_expect_null(outcome.event);
    cr_expect_eq(outcome.accepted[CATEGORY_ERROR] + outcome.accepted[CATEGORY_ATTACHMENT], 0u);
    cr_expect_eq(outcome.accepted[CATEGORY_MONITOR], 1u);
    cr_expect(slice_eq(count_of(&outcome, FATE_RATE_LIMITED)->reason, SLICE("daily")));
    cr_expect_eq(count_of(&outcome, FATE_ACCEPTED)->category, CATEGORY_MONITOR);
}

Test(pipeline, what_a_project_does_not_want_is_counted_with_its_reason)
{
    const struct slice releases[] = {SLICE("*-beta")};
    snapshot->projects.list[0].settings.filter.releases = (struct patterns){releases, 1};
    struct outcome outcome = stored("{\"message\":\"a\",\"release\":\"1-beta\"}");

    const struct effect *count = count_of(&outcome, FATE_FILTERED);
    cr_assert_not_null(count);
    cr_expect(slice_eq(count->reason, SLICE("release-version")) && count->next == NULL);
    cr_expect_eq(count->category, CATEGORY_ERROR);
    cr_expect_not(id_is_none(outcome.event_id), "the client is answered as ever");
}

Test(pipeline, reports_of_one_request_are_events_of_their_own)
{
    struct outcome outcome;
    struct fault fault = passed(
        RECORD_SECURITY,
        SLICE("[{\"type\":\"csp-violation\",\"body\":{\"effectiveDirective\":\"img-src\"}},"
              "{\"type\":\"coep\"},"
              "{\"type\":\"csp-violation\",\"body\":{\"effectiveDirective\":\"font-src\"}}]"),
        &outcome);
    cr_assert_not(fault_is(fault), "%s", fault.reason);
    const struct effect *first = outcome.effects;
    const struct effect *second = first->next;
    cr_expect(!effect_is_count(first) && !effect_is_count(second));
    cr_expect(first->index == 0 && second->index == 1 && !id_eq(first->event, second->event));
    cr_expect(first->category == CATEGORY_SECURITY && first->type == EVENT_CSP);
    cr_expect(slice_eq(first->title, SLICE("Blocked 'image' from 'self'")), "%.*s",
              SLICE_ARG(first->title));
    cr_expect_eq(count_of(&outcome, FATE_INVALID)->quantity, 1u);
    cr_expect_eq(outcome.events->next->effect, second);
}

Test(pipeline, refusals_are_counted_for_the_projects_they_name)
{
    struct outcome outcome;
    struct fault fault =
        passed(RECORD_REFUSALS,
               SLICE("7 invalid error 3 malformed\n9 rate_limited error 2 daily\n"), &outcome);
    cr_assert_not(fault_is(fault));
    const struct effect *count = count_of(&outcome, FATE_RATE_LIMITED);
    cr_expect(count->project == 9 && count->partition == 9 && count->quantity == 2);
    cr_expect_eq(count_of(&outcome, FATE_INVALID)->quantity, 3u);
}
