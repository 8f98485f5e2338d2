/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/replay_fixture.h"

static bool fires(struct slice out, struct slice name, const struct value *edge, uint64_t line)
{
    struct slice row;
    char wanted[32];
    snprintf(wanted, sizeof(wanted), "\"line\":%u}", (unsigned)line);
    while (sample_line(&out, &row)) {
        struct arena arena;
        struct value *value = NULL;
        cr_assert(arena_init(&arena, 1u << 20) && !fault_is(value_parse_json(&arena, row, &value)));
        bool is_it = slice_eq(value_string(value_get(value, SLICE("rule"))), name) &&
                     (line == 0 || slice_ends(row, slice_str(wanted)));
        const struct value *left = value_first(value_get(value, SLICE("group")));
        for (const struct value *at = value_first(edge); at != NULL && is_it; at = at->next) {
            is_it = left != NULL && slice_eq(left->of.text, value_string(at));
            left = left != NULL ? left->next : NULL;
        }
        arena_done(&arena);
        if (is_it && left == NULL) {
            return true;
        }
    }
    return false;
}

static uint32_t count_of(struct slice out, struct slice name)
{
    char wanted[64];
    struct slice row;
    uint32_t count = 0;
    snprintf(wanted, sizeof(wanted), "{\"rule\":\"%.*s\",", SLICE_ARG(name));
    while (sample_line(&out, &row)) {
        count += slice_starts(row, slice_str(wanted));
    }
    return count;
}

/* Groups of a list of [group]; of those of [line, group, …] when `has_line`. */
static void expect_all(struct slice id, struct slice out, const struct value *expected,
                       struct slice name, bool has_line)
{
    for (const struct value *at = value_first(expected); at != NULL; at = at->next) {
        int64_t index = -1;
        const struct value *group = at;
        if (has_line) {
            cr_assert(value_integer(value_first(at), &index));
            group = value_first(at)->next;
        }
        cr_expect(fires(out, name, group, (uint64_t)(index + 1)), "%.*s: %.*s does not fire",
                  SLICE_ARG(id), SLICE_ARG(name));
    }
}

static void run_scenario(struct fixture *f, const struct value *row, struct buffer *out)
{
    struct slice note = value_string(value_get(row, SLICE("note")));
    struct slice id = value_string(value_get(row, SLICE("id")));
    bool is_in_order =
        !slice_eq(note, SLICE("arrival disordered")) && slice_find(note, ':') == note.len;
    struct replay_lines *lines =
        replay_start(f, arena_str(&f->arena, value_string(value_get(row, SLICE("docs")))));
    for (const struct value *at = value_first(value_get(row, SLICE("events"))); at != NULL;
         at = at->next) {
        struct buffer text;
        struct json json;
        buffer_init(&text, 1u << 20);
        json_init(&json, &text);
        json_value(&json, at);
        cr_expect(replay_lines_add(lines, buffer_slice(&text), out));
        buffer_done(&text);
    }
    replay_lines_end(lines, out);
    replay_lines_free(lines);
    for (const struct value *at = value_first(value_get(row, SLICE("expect"))); at != NULL;
         at = at->next) {
        const struct value *edge = value_get(at, SLICE("edge"));
        const struct value *eventual = value_get(at, SLICE("eventual"));
        expect_all(id, buffer_slice(out), eventual, at->key, false);
        cr_expect(eventual->count != 0 || count_of(buffer_slice(out), at->key) == 0,
                  "%.*s fires: %.*s", SLICE_ARG(id), SLICE_ARG(buffer_slice(out)));
        if (is_in_order) {
            expect_all(id, buffer_slice(out), edge, at->key, true);
            cr_expect_eq(count_of(buffer_slice(out), at->key), edge->count, "%.*s: %.*s",
                         SLICE_ARG(id), SLICE_ARG(buffer_slice(out)));
        }
    }
}

Test(replay_lines, all_scenarios_fire_as_their_oracle_says, .timeout = 120)
{
    struct fixture *f = fixture_new();
    struct slice text;
    struct slice line;
    struct buffer out;
    struct arena rows;
    cr_assert(arena_init(&rows, (size_t)64 << 20));
    buffer_init(&out, 1u << 20);
    if (!sample_read(&f->arena, "sigma/correlation_scenarios.jsonl.gz", &text)) {
        cr_skip_test("no shared data");
    }
    while (sample_line(&text, &line)) {
        struct value *row = NULL;
        arena_reset(&rows);
        buffer_reset(&out);
        cr_assert(!fault_is(value_parse_json(&rows, line, &row)));
        run_scenario(f, row, &out);
    }
    buffer_done(&out);
    arena_done(&rows);
    fixture_free(f);
}

Test(replay_lines, every_type_fires_at_its_edge)
{
    static const struct replay_case cases[] = {
        {"type: event_count, rules: a, group-by: [g], timespan: 10s, condition: {gte: 2}",
         "0:a:x 5:a:x 6:a:x 30:a:x 31:a:x 31:a:y", "x(x)@5#2 x(x)@31#5"},
        {"type: event_count, rules: [a, b], timespan: 10s, condition: {eq: 2}",
         "0:ab:~ 1:b:~ 2:a:~ 30:a:~", "x()@1#2"},
        {"type: value_count, rules: [a], group-by: [g], timespan: 10s, condition: {field: v, gt: "
         "1}",
         "0:a:x:1 1:a:x:1 2:a:x:2 3:a:y:3", "x(x)@2#3"},
        {"type: temporal, rules: [a, b, c], group-by: [g], timespan: 10s, condition: {gte: 2}",
         "0:a:x 1:a:x 2:c:x 20:b:x 21:d:x", "x(x)@2#3"},
        {"type: temporal_ordered, rules: [a, b, c], group-by: [g], timespan: 10s",
         "0:b:x 1:a:x 2:c:x 3:b:x 11:c:x", "x(x)@11#5"},
        {"type: temporal_ordered, rules: [a, a, b], group-by: [g], timespan: 10s",
         "0:a:x 1:b:x 2:a:x 3:b:x", "x(x)@3#4"},
        {"type: value_sum, rules: [a], group-by: [g], timespan: 10s, condition: {field: v, gte: "
         "0.6}",
         "0:a:x:0.1 1:a:x:0.2 2:a:x:0.3 3:a:x:\"no\" 40:d:x", "x(x)@2#3"},
        {"type: value_avg, rules: [a], group-by: [g], timespan: 10s, condition: {field: v, lt: 5}",
         "0:a:x:9 1:a:x:0 2:a:x:9 3:a:x:0", "x(x)@1#2 x(x)@3#4"},
        {"type: value_median, rules: [a], group-by: [g], timespan: 10s, condition: {field: v, gte: "
         "3}",
         "0:a:x:1 1:a:x:9 2:a:x:2 3:a:x:4", "x(x)@1#2 x(x)@3#4"},
        {"type: value_percentile, rules: [a], timespan: 10s, "
         "condition: {field: v, percentile: 90, gt: 4.5}",
         "0:a:~:1 1:a:~:2 2:a:~:3 3:a:~:4 4:a:~:5", "x()@4#5"},
    };
    replay_check(cases, sizeof(cases) / sizeof(cases[0]));
}

Test(replay_lines, absence_fires_when_time_has_passed_and_not_at_the_start)
{
    static const struct replay_case cases[] = {
        {"type: event_count, rules: a, group-by: [g], timespan: 10s, condition: {eq: 0}",
         "0:a:x 5:a:x 12:d:x 16:d:x 60:a:x 61:d:x", "x(x)@15.001#5"},
        {"type: event_count, rules: a, group-by: [g], timespan: 10s, condition: {lt: 2}",
         "0:a:x 1:a:x 9:a:x 12:a:x 40:d:x", "x(x)@11.001#5 x(x)@19.001#5"},
        {"type: event_count, rules: a, group-by: [g], timespan: 10s, condition: {lt: 2}", "0:a:x",
         ""},
        /* back, and gone again */
        {"type: event_count, rules: a, group-by: [g], timespan: 10s, condition: {lte: 0}",
         "0:a:x 30:a:x 60:d:x", "x(x)@10.001#2 x(x)@40.001#3"},
        {"type: value_sum, rules: a, timespan: 10s, condition: {field: v, lt: 10}",
         "0:a:~:20 5:a:~:3 30:d:~", "x()@10.001#3"},
    };
    replay_check(cases, sizeof(cases) / sizeof(cases[0]));
}

Test(replay_lines, late_and_repeated_events_change_what_they_should)
{
    static const struct replay_case cases[] = {
        /* the late one is in no window with the others */
        {"type: event_count, rules: a, timespan: 10s, condition: {gte: 2}", "0:a:~ 20:a:~ 9.9:a:~",
         "x()@9.9#3"},
        {"type: event_count, rules: a, timespan: 5s, condition: {gte: 2}", "0:a:~ 20:a:~ 10:a:~",
         ""},
        /* it joins two runs: nothing fires again */
        {"type: event_count, rules: a, timespan: 10s, condition: {gte: 2}",
         "0:a:~ 1:a:~ 12:a:~ 13:a:~ 8:a:~", "x()@1#2 x()@13#4"},
        {"type: temporal_ordered, rules: [a, b], timespan: 10s", "5:b:~ 1:a:~", "x()@5#1"},
        /* what a late event could take back waits for it */
        {"type: temporal, timespan: 10s, condition: a and not b", "5:a:~ 4:b:~ 40:d:~", ""},
        {"type: temporal, timespan: 10s, condition: a and not b", "5:a:~ 40:d:~", "x()@5#1"},
        {"type: temporal, timespan: 10s, condition: a and (b or c)", "5:a:~ 6:c:~", "x()@6#2"},
    };
    replay_check(cases, sizeof(cases) / sizeof(cases[0]));
}

Test(replay_lines, chains_pass_on_their_groups)
{
    struct fixture *f = fixture_new();
    static const char chain[] = REPLAY_RULES
        "title: many\nname: many\ncorrelation: {type: event_count, rules: a, group-by: [g, v], "
        "timespan: 10s, condition: {gte: 2}}\n---\n"
        "title: then\nname: then\ncorrelation: {type: temporal_ordered, rules: [many, b], "
        "group-by: [who], aliases: {who: {many: g, b: g}}, timespan: 10s}\n---\n"
        "title: spread\nname: spread\ncorrelation: {type: value_count, rules: [many], "
        "group-by: [g], timespan: 10s, condition: {field: v, gte: 2}}\n";
    cr_expect_str_eq(replay_run(f, chain, "0:a:x:1 1:a:x:1 2:b:x 3:a:x:2 4:a:x:2 5:b:y"),
                     "many(x)@1#2 then(x)@2#3 many(x)@4#5 spread(x)@4#5");
    cr_expect(ruleset_rule(f->set, 0)->is_referenced);
    cr_expect(ruleset_correlation(f->set, 0)->info.is_referenced);
    cr_expect_not(ruleset_correlation(f->set, 1)->info.is_referenced);
    fixture_free(f);
}

Test(replay_lines, says_what_is_wrong_with_a_line)
{
    static const struct {
        const char *line;
        const char *said;
    } cases[] = {
        {"{", "{\"line\":1,\"error\":\"json"},
        {"{\"event\":{}}", "no ts"},
        {"{\"ts\":\"1\",\"event\":{}}", "no ts"},
        {"{\"ts\":-1,\"event\":{}}", "no ts"},
        {"{\"ts\":1}", "no event"},
        {"", ""},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct replay_lines *lines = replay_start(f, REPLAY_RULES);
        struct buffer out;
        buffer_init(&out, 4096);
        cr_expect_eq(replay_lines_add(lines, slice_str(cases[i].line), &out),
                     cases[i].line[0] == '\0');
        buffer_byte(&out, '\0');
        cr_expect(strstr(out.at, cases[i].said) != NULL, "%s", out.at);
        buffer_done(&out);
        replay_lines_free(lines);
    }
    fixture_free(f);
}
