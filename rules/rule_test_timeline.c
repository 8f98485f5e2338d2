/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/json.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "rules/correlation.h"
#include "rules/replay_lines.h"

/* Timelines begin here, so that times stay positive: 2026-01-01. */
#define START_MS INT64_C(1767225600000)

#define OUT_BYTES_MAX (64u << 20)

static void put_line(const struct rule_test_event *event, struct buffer *line)
{
    struct json json;
    buffer_reset(line);
    json_init(&json, line);
    json_map(&json);
    json_member_integer(&json, "ts", START_MS + event->at_us / 1000);
    json_key(&json, "event");
    json_value(&json, event->event);
    json_map_end(&json);
}

static bool is_under_test(const struct rule_tests *tests, struct slice name)
{
    uint32_t rules = ruleset_count(tests->set);
    for (uint32_t i = 0; i < ruleset_correlation_count(tests->set); i++) {
        const struct rule_info *info = &ruleset_correlation(tests->set, i)->info;
        if (tests->under_test[rules + i] &&
            slice_eq(info->name.len != 0 ? info->name : info->id, name)) {
            return true;
        }
    }
    return false;
}

/* The lines that replay has told, of which some are of correlations under test. */
static uint32_t count_fires(struct rule_tests *tests, struct slice told)
{
    uint32_t fires = 0;
    while (told.len != 0) {
        struct value *line = NULL;
        size_t end = slice_find(told, '\n');
        arena_reset(tests->arena);
        struct fault fault = value_parse_json(tests->arena, slice_head(told, end), &line);
        MUST(!fault_is(fault));
        fires += is_under_test(tests, value_string(value_get(line, SLICE("rule"))));
        told = slice_from(told, end + 1);
    }
    return fires;
}

bool rule_tests_timeline(struct rule_tests *tests, const struct rule_test *test,
                         uint32_t *out_fires, struct slice *reason)
{
    struct buffer line;
    struct buffer told;
    bool well = true;
    struct replay_lines *lines = replay_lines_new(tests->set, false);
    MUST(lines != NULL && tests->arena != NULL);
    buffer_init(&line, EVENT_BYTES_MAX);
    buffer_init(&told, OUT_BYTES_MAX);
    if (test->is_sentry) {
        replay_lines_decode(lines, tests->decode, tests->context);
    }
    for (uint32_t i = 0; i < test->count && well; i++) {
        size_t before = told.len;
        put_line(&test->events[i], &line);
        well = replay_lines_add(lines, buffer_slice(&line), &told);
        if (!well) {
            arena_reset(tests->arena);
            *reason = arena_copy(tests->arena, slice_from(buffer_slice(&told), before));
        }
    }
    if (well) {
        replay_lines_end(lines, &told);
        *out_fires = count_fires(tests, buffer_slice(&told));
    }
    replay_lines_free(lines);
    buffer_done(&line);
    buffer_done(&told);
    return well;
}
