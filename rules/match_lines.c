/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/match_lines.h"
#include "ingest/base/json.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <stdlib.h>

struct match_lines {
    const struct ruleset *set;
    struct rules_scratch *scratch;
    struct arena arena;
    uint32_t *indexes;
    struct slice *ids;
    uint64_t line;
    bool any_logsource;
    rule_test_decode *decode; /* NULL: lines are taken as they stand */
    void *context;
};

struct match_lines *match_lines_new(const struct ruleset *set, bool any_logsource)
{
    struct match_lines *lines = calloc(1, sizeof(*lines));
    if (lines == NULL) {
        return NULL;
    }
    uint32_t rules = ruleset_count(set) + 1;
    lines->set = set;
    lines->any_logsource = any_logsource;
    lines->scratch = rules_scratch_new(set);
    lines->indexes = calloc(rules, sizeof(*lines->indexes));
    lines->ids = calloc(rules, sizeof(*lines->ids));
    if (lines->scratch == NULL || lines->indexes == NULL || lines->ids == NULL ||
        !arena_init(&lines->arena, SCRATCH_BYTES)) {
        match_lines_free(lines);
        return NULL;
    }
    return lines;
}

void match_lines_free(struct match_lines *lines)
{
    if (lines != NULL) {
        rules_scratch_free(lines->scratch);
        arena_done(&lines->arena);
        free(lines->indexes);
        free(lines->ids);
        free(lines);
    }
}

static int by_bytes(const void *left, const void *right)
{
    const struct slice *a = left;
    const struct slice *b = right;
    return slice_compare(*a, *b);
}

static void put_error(struct match_lines *lines, struct fault fault, struct buffer *out)
{
    struct json json;
    json_init(&json, out);
    json_map(&json);
    json_key(&json, "line");
    json_unsigned(&json, lines->line);
    json_member_string(&json, "error", slice_str(fault.reason));
    if (fault.offset != FAULT_NO_OFFSET) {
        json_key(&json, "offset");
        json_unsigned(&json, fault.offset);
    }
    json_map_end(&json);
    buffer_byte(out, '\n');
}

static void put_matches(struct match_lines *lines, uint32_t count, struct buffer *out)
{
    struct json json;
    for (uint32_t i = 0; i < count; i++) {
        lines->ids[i] = ruleset_rule(lines->set, lines->indexes[i])->id;
    }
    if (count != 0) {
        qsort(lines->ids, count, sizeof(*lines->ids), by_bytes);
    }
    json_init(&json, out);
    json_map(&json);
    json_key(&json, "line");
    json_unsigned(&json, lines->line);
    json_key(&json, "matches");
    json_list(&json);
    for (uint32_t i = 0; i < count; i++) {
        json_string(&json, lines->ids[i]);
    }
    json_list_end(&json);
    json_map_end(&json);
    buffer_byte(out, '\n');
}

void match_lines_decode(struct match_lines *lines, rule_test_decode *decode, void *context)
{
    MUST(lines != NULL && decode != NULL);
    lines->decode = decode;
    lines->context = context;
}

static struct fault make_subject(struct match_lines *lines, struct slice line,
                                 struct subject *subject)
{
    struct value *value = NULL;
    if (lines->decode != NULL) {
        const char *reason = NULL;
        const struct event *event = lines->decode(lines->context, line, &lines->arena, &reason);
        if (event == NULL) {
            return fault_make(FAULT_MALFORMED, reason);
        }
        subject_from_event(subject, event, &lines->arena);
        subject->any_logsource = lines->any_logsource;
        return FAULT_OK;
    }
    struct fault fault = value_parse_json(&lines->arena, line, &value);
    if (!fault_is(fault) && value->kind != VALUE_MAP) {
        fault = fault_at(FAULT_MALFORMED, "an event is a JSON object", 0);
    }
    if (!fault_is(fault)) {
        subject_from_value(subject, value, lines->any_logsource, &lines->arena);
    }
    return fault;
}

bool match_lines_add(struct match_lines *lines, struct slice line, struct buffer *out)
{
    struct subject subject;
    lines->line++;
    if (slice_trim(line).len == 0) {
        return true;
    }
    arena_reset(&lines->arena);
    struct fault fault = make_subject(lines, line, &subject);
    if (fault_is(fault)) {
        put_error(lines, fault, out);
        return false;
    }
    put_matches(lines,
                rules_match(lines->set, lines->scratch, &subject, lines->indexes,
                            ruleset_count(lines->set)),
                out);
    return true;
}

const struct rules_scratch *match_lines_scratch(const struct match_lines *lines)
{
    MUST(lines != NULL);
    return lines->scratch;
}
