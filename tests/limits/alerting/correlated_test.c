/* SPDX-License-Identifier: Apache-2.0 */
/* Limits of correlations in Redis, and of what one event may hit. */
#include "alerting/correlated.h"
#include "ingest/host/clock.h"
#include "storage/applier.h"
#include "tests/support/redis.h"
#include "tests/unit/rules/replay_fixture.h"
#include <math.h>

#define PARTITION   5u
#define GROUPS_KEPT 2048u /* storage/functions/correlate.lua */

struct rig {
    struct redis_server server;
    struct redis_options options;
    struct applier applier;
    struct fixture *f;
    struct arena keep;
    uint64_t sequence;
    uint64_t forgotten;
};

static void count_forgotten(void *context, struct slice rule, uint64_t groups)
{
    struct rig *rig = context;
    cr_expect(slice_eq(rule, SLICE("x")), "%.*s", SLICE_ARG(rule));
    rig->forgotten += groups;
}

static struct rig *rig_new(const char *correlation)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    cr_assert(rig != NULL && arena_init(&rig->keep, (size_t)256 << 20));
    redis_server_start(&rig->server);
    cr_assert_not(fault_is(redis_parse(slice_str(rig->server.url), &rig->options)));
    applier_init(&rig->applier, &rig->options, (struct id){{1}}, 3600);
    rig->applier.forgot = count_forgotten;
    rig->applier.forgot_context = rig;
    cr_assert(applier_connect(&rig->applier, 0), "%s", rig->applier.error);
    rig->f = fixture_new();
    problems_init(&rig->f->problems, &rig->f->arena);
    fixture_text(rig->f, arena_str(&rig->f->arena,
                                   arena_printf(&rig->f->arena, REPLAY_ONE("%s"), correlation)));
    cr_assert_eq(rig->f->problems.errors, 0, "%s", fixture_problem(rig->f));
    return rig;
}

static void rig_free(struct rig *rig)
{
    applier_done(&rig->applier);
    redis_server_stop(&rig->server);
    fixture_free(rig->f);
    arena_done(&rig->keep);
    free(rig);
}

/* A hit of group `number`, for the next commit. */
static void add(struct rig *rig, uint32_t number, int64_t at_ms)
{
    const struct correlation *correlation = ruleset_correlation(rig->f->set, 0);
    struct effect *effect = ARENA_NEW(&rig->keep, struct effect);
    struct effect_window *window = ARENA_NEW(&rig->keep, struct effect_window);
    struct slice *group = ARENA_NEW(&rig->keep, struct slice);
    cr_assert(effect != NULL && window != NULL && group != NULL);
    *group = arena_printf(&rig->keep, "g%u", number);
    *effect = (struct effect){.project = 1, .at_us = at_ms * 1000};
    memcpy(effect->event.bytes, &rig->keep.used, sizeof(rig->keep.used));
    *window = (struct effect_window){.partition = PARTITION,
                                     .digest = correlation->digest,
                                     .tree = correlation->tree,
                                     .node = 1,
                                     .value = (double)NAN,
                                     .group = group,
                                     .group_count = 1};
    windows_add(rig->applier.windows, effect, window);
}

/* Gives the detections so far. */
static uint64_t commit(struct rig *rig)
{
    cr_assert(applier_commit(&rig->applier, ++rig->sequence), "%s", rig->applier.error);
    return rig->applier.counts.facts;
}

static uint64_t commit_one(struct rig *rig, uint32_t number, int64_t at_ms)
{
    add(rig, number, at_ms);
    return commit(rig);
}

#define TWICE "type: event_count, rules: a, group-by: [g], timespan: 1m, condition: {gte: 2}"

Test(correlated_limits, so_many_groups_are_followed_and_one_more_takes_the_idlest_ones_place)
{
    struct rig *rig = rig_new(TWICE);
    int64_t at_ms = clock_wall_us() / 1000;
    for (uint32_t i = 0; i < GROUPS_KEPT; i++) {
        add(rig, i, at_ms + i);
    }
    cr_expect_eq(commit(rig), 0);
    cr_expect_eq(commit_one(rig, 0, at_ms + 3000), 1, "all are there");
    cr_expect_eq(rig->forgotten, 0);

    cr_expect_eq(commit_one(rig, GROUPS_KEPT, at_ms + 3001), 1);
    cr_expect_eq(rig->forgotten, 1);
    cr_expect_eq(commit_one(rig, 2, at_ms + 3002), 2, "group 1 went, group 2 did not");
    cr_expect_eq(commit_one(rig, 1, at_ms + 3003), 2);
    cr_expect_eq(rig->forgotten, 2);
    rig_free(rig);
}

/* Hits so much older than the newest of their group. */
static uint64_t late_by(struct rig *rig, uint32_t number, int64_t at_ms, int64_t late_ms)
{
    (void)commit_one(rig, number, at_ms);
    (void)commit_one(rig, number, at_ms - late_ms);
    return commit_one(rig, number, at_ms - late_ms);
}

Test(correlated_limits, a_hit_may_be_so_late_and_no_later)
{
    struct rig *rig = rig_new(TWICE);
    int64_t at_ms = clock_wall_us() / 1000;
    int64_t late_ms = ruleset_correlation(rig->f->set, 0)->plan.late_ms;
    cr_expect_eq(late_ms, 2 * 60000 + CORRELATION_LATE_MS);
    cr_expect_eq(late_by(rig, 1, at_ms, late_ms), 1);
    cr_expect_eq(late_by(rig, 2, at_ms, late_ms + 1), 1);
    rig_free(rig);
}

Test(correlated_limits, so_many_states_are_told_of_time_in_one_step_and_the_others_in_the_next)
{
    struct rig *rig =
        rig_new("type: event_count, rules: a, group-by: [g], timespan: 1s, condition: {eq: 0}");
    int64_t at_ms = clock_wall_us() / 1000;
    for (uint32_t i = 0; i <= SETTLE_STATES_MAX; i++) {
        add(rig, i, at_ms);
    }
    cr_expect_eq(commit(rig), 0);
    cr_assert(applier_settle(&rig->applier, at_ms + 1000));
    cr_expect_eq(rig->applier.counts.facts, 0, "the window still has them");
    cr_assert(applier_settle(&rig->applier, at_ms + 1001));
    cr_expect_eq(rig->applier.counts.facts, SETTLE_STATES_MAX);
    cr_assert(applier_settle(&rig->applier, at_ms + 1001));
    cr_expect_eq(rig->applier.counts.facts, SETTLE_STATES_MAX + 1);
    rig_free(rig);
}

/* Windows of one event whose rule feeds so many correlations. */
static uint32_t windows_of(struct fixture *f, struct arena *keep, uint32_t correlations)
{
    struct buffer yaml;
    struct value *event = NULL;
    struct subject subject;
    struct effect effect = {.project = 1};
    buffer_init(&yaml, 1u << 20);
    buffer_add(&yaml, SLICE(REPLAY_RULES));
    for (uint32_t i = 0; i < correlations; i++) {
        buffer_printf(&yaml,
                      "%stitle: x%u\nname: x%u\ncorrelation: {type: event_count, rules: a, "
                      "timespan: 1m, condition: {gte: 2}}\n",
                      i == 0 ? "" : "---\n", i, i);
    }
    buffer_byte(&yaml, '\0');
    problems_init(&f->problems, &f->arena);
    fixture_text(f, buffer_slice(&yaml).at);
    cr_assert_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    cr_assert_not(fault_is(value_parse_json(&f->event, SLICE("{\"r\":\"a\"}"), &event)));
    subject_from_value(&subject, event, true, &f->event);
    uint32_t count = rules_match(f->set, f->scratch, &subject, f->indexes, 64);
    const struct correlation_ask held = {
        .set = f->set, .rules = f->scratch, .indexes = f->indexes, .count = count};
    correlated_windows(&held, &f->event, keep, &effect);
    buffer_done(&yaml);
    return effect.window_count;
}

Test(correlated_limits, an_event_hits_so_many_windows_and_no_more)
{
    struct fixture *f = fixture_new();
    struct arena keep;
    cr_assert(arena_init(&keep, 16u << 20));
    cr_expect_eq(windows_of(f, &keep, EFFECT_WINDOWS_MAX), EFFECT_WINDOWS_MAX);
    cr_expect_eq(windows_of(f, &keep, EFFECT_WINDOWS_MAX + 1), EFFECT_WINDOWS_MAX);
    arena_done(&keep);
    fixture_free(f);
}
