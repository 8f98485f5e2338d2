/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/replay_lines.h"
#include "ingest/base/json.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "rules/correlator.h"
#include <stdlib.h>

struct replay_lines {
    const struct ruleset *set;
    struct rules_scratch *scratch;
    struct correlator *correlator;
    struct arena arena;
    uint32_t *indexes;
    struct buffer *out; /* of the call under way */
    uint64_t line;
    int64_t newest_ms;
    bool any_logsource;
    rule_test_decode *decode; /* NULL: events are taken as they stand */
    void *context;
};

static void fire(void *context, const struct correlator_firing *firing)
{
    struct replay_lines *lines = context;
    const struct correlation *correlation = ruleset_correlation(lines->set, firing->correlation);
    const struct rule_info *info = &correlation->info;
    struct json json;
    json_init(&json, lines->out);
    json_map(&json);
    json_member_string(&json, "rule", info->name.len != 0 ? info->name : info->id);
    json_key(&json, "group");
    json_list(&json);
    for (uint32_t i = 0; i < correlation->group_count; i++) {
        json_string(&json, firing->group[i]);
    }
    json_list_end(&json);
    json_member_integer(&json, "ts", firing->at_ms);
    json_key(&json, "line");
    json_unsigned(&json, firing->is_absence ? lines->line : firing->id);
    json_map_end(&json);
    buffer_byte(lines->out, '\n');
}

struct replay_lines *replay_lines_new(const struct ruleset *set, bool any_logsource)
{
    struct replay_lines *lines = calloc(1, sizeof(*lines));
    if (lines == NULL) {
        return NULL;
    }
    lines->set = set;
    lines->any_logsource = any_logsource;
    lines->newest_ms = INT64_MIN;
    lines->scratch = rules_scratch_new(set);
    lines->correlator = correlator_new(set, fire, lines);
    lines->indexes = calloc(ruleset_count(set) + 1u, sizeof(*lines->indexes));
    if (lines->scratch == NULL || lines->correlator == NULL || lines->indexes == NULL ||
        !arena_init(&lines->arena, SCRATCH_BYTES)) {
        replay_lines_free(lines);
        return NULL;
    }
    return lines;
}

void replay_lines_free(struct replay_lines *lines)
{
    if (lines != NULL) {
        rules_scratch_free(lines->scratch);
        correlator_free(lines->correlator);
        arena_done(&lines->arena);
        free(lines->indexes);
        free(lines);
    }
}

void replay_lines_decode(struct replay_lines *lines, rule_test_decode *decode, void *context)
{
    MUST(lines != NULL && decode != NULL);
    lines->decode = decode;
    lines->context = context;
}

static void put_error(struct replay_lines *lines, struct fault fault)
{
    struct json json;
    json_init(&json, lines->out);
    json_map(&json);
    json_key(&json, "line");
    json_unsigned(&json, lines->line);
    json_member_string(&json, "error", slice_str(fault.reason));
    if (fault.offset != FAULT_NO_OFFSET) {
        json_key(&json, "offset");
        json_unsigned(&json, fault.offset);
    }
    json_map_end(&json);
    buffer_byte(lines->out, '\n');
}

/* The decoder takes text; it borrows it, so it is kept in the arena. */
static struct slice text_of(struct replay_lines *lines, const struct value *event)
{
    size_t room = 0;
    struct buffer text;
    struct json json;
    char *rest = arena_rest(&lines->arena, &room);
    buffer_over(&text, rest, room < EVENT_BYTES_MAX ? room : EVENT_BYTES_MAX);
    json_init(&json, &text);
    json_value(&json, event);
    struct slice written = buffer_slice(&text);
    bool is_kept = !text.overflowed && arena_bytes(&lines->arena, written.len) == rest;
    return is_kept ? written : slice_of(NULL, 0);
}

static struct fault make_subject(struct replay_lines *lines, const struct value *event,
                                 struct subject *subject)
{
    const char *reason = "an event larger than allowed";
    if (lines->decode == NULL) {
        subject_from_value(subject, event, lines->any_logsource, &lines->arena);
        return FAULT_OK;
    }
    struct slice text = text_of(lines, event);
    const struct event *decoded =
        text.len != 0 ? lines->decode(lines->context, text, &lines->arena, &reason) : NULL;
    if (decoded == NULL) {
        return fault_make(FAULT_MALFORMED, reason);
    }
    subject_from_event(subject, decoded, &lines->arena);
    subject->any_logsource = lines->any_logsource;
    return FAULT_OK;
}

static struct fault read_line(struct replay_lines *lines, struct slice line, int64_t *at_ms,
                              struct subject *subject)
{
    struct value *root = NULL;
    struct fault fault = value_parse_json(&lines->arena, line, &root);
    if (fault_is(fault)) {
        return fault;
    }
    const struct value *at = value_get(root, SLICE("ts"));
    const struct value *event = value_get(root, SLICE("event"));
    /* Times that a double holds, so that windows around them do not overflow. */
    if (!value_is(at, VALUE_NUMBER) || !value_integer(at, at_ms) || *at_ms < 0 ||
        *at_ms > INT64_C(1) << 53) {
        return fault_make(FAULT_MALFORMED, "a line is {\"ts\":milliseconds,\"event\":{…}}: no ts");
    }
    if (!value_is(event, VALUE_MAP)) {
        return fault_make(FAULT_MALFORMED,
                          "a line is {\"ts\":milliseconds,\"event\":{…}}: no event");
    }
    return make_subject(lines, event, subject);
}

bool replay_lines_add(struct replay_lines *lines, struct slice line, struct buffer *out)
{
    struct subject subject;
    int64_t at_ms = 0;
    uint32_t hit_count = 0;
    lines->line++;
    lines->out = out;
    if (slice_trim(line).len == 0) {
        return true;
    }
    arena_reset(&lines->arena);
    struct fault fault = read_line(lines, line, &at_ms, &subject);
    if (fault_is(fault)) {
        put_error(lines, fault);
        return false;
    }
    lines->newest_ms = at_ms > lines->newest_ms ? at_ms : lines->newest_ms;
    int64_t settled_ms = lines->newest_ms - CORRELATION_SETTLE_MS;
    correlator_settle(lines->correlator, settled_ms);
    uint32_t count = rules_match(lines->set, lines->scratch, &subject, lines->indexes,
                                 ruleset_count(lines->set));
    const struct correlation_ask ask = {
        .set = lines->set, .rules = lines->scratch, .indexes = lines->indexes, .count = count};
    const struct correlation_hit *hits = rules_correlate(&ask, &lines->arena, &hit_count);
    for (uint32_t i = 0; i < hit_count; i++) {
        correlator_add(lines->correlator, &hits[i], at_ms, lines->line, settled_ms);
    }
    return true;
}

void replay_lines_end(struct replay_lines *lines, struct buffer *out)
{
    lines->out = out;
    correlator_settle(lines->correlator, lines->newest_ms);
}
