/* SPDX-License-Identifier: Apache-2.0 */
/* replay_fixture — documents and a script of events in, what fires as one text out. */
#pragma once
#include "ingest/base/json.h"
#include "rules/correlation.h"
#include "rules/replay_lines.h"
#include "tests/unit/rules/fixture.h"

/* Rules a, b, c, d hold for events {"r":"a"} …; events also carry g (group) and v (value). */
#define REPLAY_RULE(name)                                                                          \
    "title: " name "\nname: " name "\nlogsource: {category: test}\n"                               \
    "detection: {sel: {r|contains: " name "}, condition: sel}\n---\n"
#define REPLAY_RULES REPLAY_RULE("a") REPLAY_RULE("b") REPLAY_RULE("c") REPLAY_RULE("d")

/* One correlation x over them; `body` are the members of `correlation`, as YAML flow. */
#define REPLAY_ONE(body) REPLAY_RULES "title: x\nname: x\ncorrelation: {" body "}\n"

static inline struct replay_lines *replay_start(struct fixture *f, const char *yaml)
{
    problems_init(&f->problems, &f->arena);
    fixture_text(f, yaml);
    cr_assert_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    struct replay_lines *lines = replay_lines_new(f->set, true);
    cr_assert(lines != NULL);
    return lines;
}

/* `script`: "seconds:rules:group[:value]" separated by spaces; "~" for no group. Gives what fired,
 * "rule(group)@seconds#line" separated by spaces. Valid until the fixture goes. */
static inline const char *replay_run(struct fixture *f, const char *yaml, const char *script)
{
    struct replay_lines *lines = replay_start(f, yaml);
    struct buffer out;
    buffer_init(&out, 1u << 20);
    for (const char *at = script; *at != '\0';) {
        char rules[16];
        char group[16] = "~";
        char value[16] = "null";
        double seconds = 0;
        int used = 0;
        cr_assert(sscanf(at, "%lf:%15[^: ]:%15[^: ]%n", &seconds, rules, group, &used) == 3, "%s",
                  at);
        at += used;
        if (*at == ':') {
            cr_assert(sscanf(at, ":%15[^ ]%n", value, &used) == 1);
            at += used;
        }
        at += strspn(at, " ");
        struct slice line =
            arena_printf(&f->arena, "{\"ts\":%.0f,\"event\":{\"r\":\"%s\",\"%s\":\"%s\",\"v\":%s}}",
                         seconds * 1000, rules, group[0] == '~' ? "none" : "g", group, value);
        cr_expect(replay_lines_add(lines, line, &out), "%.*s", SLICE_ARG(line));
    }
    replay_lines_end(lines, &out);
    replay_lines_free(lines);
    struct slice text = buffer_slice(&out);
    struct slice line;
    struct slice said = SLICE("");
    while (sample_line(&text, &line)) {
        const struct value *row = fixture_json(f, line);
        const struct value *first = value_first(value_get(row, SLICE("group")));
        int64_t ts = 0;
        int64_t number = 0;
        cr_assert(value_integer(value_get(row, SLICE("ts")), &ts) &&
                  value_integer(value_get(row, SLICE("line")), &number));
        said = arena_printf(&f->arena, "%.*s%s%.*s(%.*s)@%g#%d", SLICE_ARG(said),
                            said.len != 0 ? " " : "",
                            SLICE_ARG(value_string(value_get(row, SLICE("rule")))),
                            SLICE_ARG(value_string(first)), (double)ts / 1000, (int)number);
    }
    buffer_done(&out);
    return arena_str(&f->arena, said);
}

struct replay_case {
    const char *correlation;
    const char *script;
    const char *fired;
};

static inline void replay_check(const struct replay_case *cases, size_t count)
{
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < count; i++) {
        struct slice yaml = arena_printf(&f->arena, REPLAY_ONE("%s"), cases[i].correlation);
        const char *fired = replay_run(f, arena_str(&f->arena, yaml), cases[i].script);
        cr_expect_str_eq(fired, cases[i].fired, "%s; %s:\n  %s, not %s", cases[i].correlation,
                         cases[i].script, fired, cases[i].fired);
    }
    fixture_free(f);
}
