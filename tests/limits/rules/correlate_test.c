/* SPDX-License-Identifier: Apache-2.0 */
/* Limits of correlations: of their documents, and of what a state keeps. */
#include "tests/unit/rules/correlate_fixture.h"
#include "tests/unit/rules/replay_fixture.h"

static void load(struct fixture *f, const char *yaml)
{
    problems_init(&f->problems, &f->arena);
    fixture_text(f, yaml);
}

static bool loads(struct fixture *f, const char *correlation)
{
    struct slice yaml = arena_printf(&f->arena, REPLAY_ONE("%s"), correlation);
    load(f, arena_str(&f->arena, yaml));
    return f->problems.errors == 0;
}

Test(correlate_limits, counts_and_timespans_are_so_large_and_no_larger)
{
    struct fixture *f = fixture_new();
    char text[256];
    for (unsigned extra = 0; extra < 2; extra++) {
        snprintf(text, sizeof(text),
                 "type: event_count, rules: a, timespan: 1m, condition: {gte: %u}",
                 CORRELATION_COUNT_MAX + extra);
        cr_expect_eq(loads(f, text), extra == 0, "%s", fixture_problem(f));
        snprintf(text, sizeof(text),
                 "type: event_count, rules: a, timespan: %llds, condition: {gte: 2}",
                 (long long)(CORRELATION_SPAN_MS_MAX / 1000 + extra));
        cr_expect_eq(loads(f, text), extra == 0, "%s", fixture_problem(f));
    }
    fixture_free(f);
}

/* A root over three correlations over twenty each, and `extra` more. */
static void load_tree(struct fixture *f, uint32_t extra)
{
    struct buffer yaml;
    uint32_t made = 0;
    buffer_init(&yaml, 1u << 20);
    buffer_add(&yaml, SLICE(REPLAY_RULES));
    for (uint32_t middle = 0; middle < 3; middle++) {
        uint32_t last = made + 20 + (middle == 2 ? extra : 0);
        buffer_printf(&yaml,
                      "title: m%u\nname: m%u\ncorrelation:\n  type: temporal\n"
                      "  timespan: 1m\n  condition: {gte: 2}\n  rules:\n",
                      middle, middle);
        for (uint32_t i = made; i < last; i++) {
            buffer_printf(&yaml, "    - l%u\n", i);
        }
        for (; made < last; made++) {
            buffer_printf(&yaml,
                          "---\ntitle: l%u\nname: l%u\ncorrelation: {type: event_count, "
                          "rules: a, timespan: 1m, condition: {gte: 1}}\n",
                          made, made);
        }
        buffer_add(&yaml, SLICE("---\n"));
    }
    cr_assert_eq(1 + 3 + made, CORRELATION_NODES_MAX + extra);
    buffer_add(&yaml, SLICE("title: root\nname: root\ncorrelation: {type: temporal, rules: "
                            "[m0, m1, m2], timespan: 1m}\n"));
    buffer_byte(&yaml, '\0');
    load(f, buffer_slice(&yaml).at);
    buffer_done(&yaml);
}

Test(correlate_limits, so_many_correlations_feed_one_and_no_more)
{
    struct fixture *f = fixture_new();
    load_tree(f, 0);
    cr_expect_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    load_tree(f, 1);
    cr_expect_eq(f->problems.errors, 1);
    cr_expect(strstr(fixture_problem(f), "more than 64 correlations") != NULL, "%s",
              fixture_problem(f));
    fixture_free(f);
}

static uint32_t marks_at(const struct correlate_plan *plan, struct correlate_state *state,
                         struct correlate_scratch *scratch, int64_t at_ms, uint64_t id)
{
    const struct correlate_hit hit = {.at_ms = at_ms, .id = id, .sources = 1, .value = (double)NAN};
    correlate_add(plan, state, &hit, INT64_MIN, scratch);
    return scratch->mark_count;
}

Test(correlate_limits, a_hit_may_be_so_late_and_no_later)
{
    struct fixture *f = fixture_new();
    cr_assert(loads(f, "type: event_count, rules: a, timespan: 1m, condition: {gte: 2}"));
    const struct correlate_plan *plan = &ruleset_correlation(f->set, 0)->plan;
    cr_expect_eq(plan->late_ms, 2 * 60000 + CORRELATION_LATE_MS);
    for (int64_t extra = 0; extra < 2; extra++) {
        struct correlate_state state;
        struct correlate_scratch scratch = {0};
        int64_t at_ms = 1000000000;
        int64_t late_ms = at_ms - plan->late_ms - extra;
        correlate_state_init(&state);
        cr_expect_eq(marks_at(plan, &state, &scratch, at_ms, 1), 0);
        cr_expect_eq(marks_at(plan, &state, &scratch, late_ms, 2), 0);
        cr_expect_eq(marks_at(plan, &state, &scratch, late_ms, 3), extra == 0);
        correlate_state_done(&state);
        correlate_scratch_done(&scratch);
    }
    fixture_free(f);
}

Test(correlate_limits, a_state_keeps_what_its_threshold_needs_and_so_many_hits_more)
{
    const struct correlate_plan plan = model_plan(CORRELATE_EVENT_COUNT, COMPARE_GTE, 2);
    struct correlate_state state;
    struct correlate_scratch scratch = {0};
    correlate_state_init(&state);
    cr_expect_eq(plan.room, 8 * plan.enough + CORRELATION_HITS_MIN);
    for (uint32_t i = 0; i <= plan.room; i++) {
        cr_expect_eq(state.count, i);
        (void)marks_at(&plan, &state, &scratch, 1000 * (int64_t)i, i + 1);
    }
    cr_expect_eq(state.count, plan.room, "the oldest went");
    cr_expect_eq(state.hits[0].at_ms, 1000);
    correlate_state_done(&state);
    correlate_scratch_done(&scratch);
}

Test(correlate_limits, what_could_be_taken_back_waits_so_long_and_no_longer)
{
    struct fixture *f = fixture_new();
    struct replay_lines *lines = replay_start(
        f, REPLAY_ONE("type: value_avg, rules: a, timespan: 1m, condition: {field: v, gt: 1}"));
    struct buffer out;
    buffer_init(&out, 1u << 16);
    const int64_t at_ms[] = {0, CORRELATION_SETTLE_MS - 1, CORRELATION_SETTLE_MS};
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(buffer_slice(&out).len, 0, "before line %zu", i + 1);
        struct slice line =
            arena_printf(&f->arena, "{\"ts\":%lld,\"event\":{\"r\":\"%s\",\"v\":5}}",
                         (long long)at_ms[i], i == 0 ? "a" : "b");
        cr_expect(replay_lines_add(lines, line, &out));
    }
    cr_expect_neq(buffer_slice(&out).len, 0);
    replay_lines_free(lines);
    buffer_done(&out);
    fixture_free(f);
}
