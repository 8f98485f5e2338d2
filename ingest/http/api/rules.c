/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/http/api/call.h"
#include <stdlib.h>

#define LIMIT_DEFAULT 50u
#define LIMIT_MAX     1000u

/* A rule with what the list is sorted by; the larger the earlier. */
struct row {
    double key;
    uint32_t rule;
};

static int by_key(const void *left, const void *right)
{
    const struct row *a = left;
    const struct row *b = right;
    if (a->key != b->key) {
        return a->key > b->key ? -1 : 1;
    }
    return a->rule < b->rule ? -1 : a->rule > b->rule;
}

/* Nanoseconds it has taken altogether, by the evaluations that were timed. */
static double time_of(const struct rule_tally *tally)
{
    return tally->timed == 0
               ? 0
               : (double)tally->timed_ns / (double)tally->timed * (double)tally->evaluated;
}

/* Negative: not in this list. */
static double key_of(struct slice sort, const struct rule_tally *tally)
{
    if (slice_eq(sort, SLICE("evaluated"))) {
        return (double)tally->evaluated;
    }
    if (slice_eq(sort, SLICE("matched"))) {
        return (double)tally->matched;
    }
    if (slice_eq(sort, SLICE("errors"))) {
        return tally->errors != 0 ? (double)tally->errors : -1;
    }
    if (slice_eq(sort, SLICE("dead"))) {
        return tally->evaluated == 0 ? 1 : -1;
    }
    return time_of(tally);
}

/* Fields of a rule that no event has had: most often why it is dead. */
static void put_unseen(struct json *json, const struct ruleset *set, uint32_t rule,
                       const bool *seen)
{
    json_key(json, "unseenFields");
    json_list(json);
    for (uint32_t i = 1; i < ruleset_field_count(set); i++) {
        if (!seen[i] && ruleset_uses_field(set, rule, i)) {
            json_string(json, ruleset_field_name(set, i));
        }
    }
    json_list_end(json);
}

static void put_row(struct json *json, const struct ruleset *set, uint32_t rule,
                    const struct rule_tally *tally, const bool *seen)
{
    const struct rule_info *info = ruleset_rule(set, rule);
    json_map(json);
    json_member_string(json, "id", info->id);
    json_member_string(json, "title", info->title);
    json_member_string(json, "level", slice_str(rule_level_name(info->level)));
    json_member_string(json, "file", info->file);
    json_member_integer(json, "line", info->line);
    json_member_integer(json, "evaluated", (int64_t)tally->evaluated);
    json_member_integer(json, "matched", (int64_t)tally->matched);
    json_member_integer(json, "errors", (int64_t)tally->errors);
    json_key(json, "nsPerEvaluation");
    if (tally->timed != 0) {
        json_real(json, (double)tally->timed_ns / (double)tally->timed);
    } else {
        json_null(json);
    }
    json_key(json, "msTotal");
    json_real(json, time_of(tally) / 1e6);
    put_unseen(json, set, rule, seen);
    json_map_end(json);
}

static void put_totals(struct json *json, const struct snapshot *snapshot)
{
    struct rule_totals totals = rule_ledger_totals(snapshot->ledger);
    json_member_string(json, "digest", ruleset_digest(snapshot->rules));
    json_member_integer(json, "rules", ruleset_count(snapshot->rules));
    json_member_integer(json, "events", (int64_t)totals.events);
    json_member_integer(json, "evaluated", (int64_t)totals.evaluated);
    json_key(json, "oracle");
    json_map(json);
    json_member_integer(json, "every", snapshot->oracle);
    json_member_integer(json, "checked", (int64_t)totals.checked);
    json_member_integer(json, "differences", (int64_t)totals.differences);
    json_map_end(json);
}

struct fault api_rules(struct call *call)
{
    const struct snapshot *snapshot = call->api->snapshot;
    struct arena *arena = &call->api->arena;
    struct json *json = &call->json;
    struct slice sort = call_parameter(call, "sort");
    uint64_t limit = LIMIT_DEFAULT;
    if (snapshot->rules == NULL || snapshot->ledger == NULL) {
        return fault_make(FAULT_NOT_FOUND, "there are no rules");
    }
    (void)call_number(call_parameter(call, "limit"), &limit);
    uint32_t count = ruleset_count(snapshot->rules);
    struct rule_tally *tallies = ARENA_ARRAY(arena, count + 1u, struct rule_tally);
    struct row *rows = ARENA_ARRAY(arena, count + 1u, struct row);
    bool *seen = ARENA_ARRAY(arena, ruleset_field_count(snapshot->rules), bool);
    if (tallies == NULL || rows == NULL || seen == NULL) {
        return fault_make(FAULT_UNAVAILABLE, "no memory left");
    }
    rule_ledger_rules(snapshot->ledger, tallies);
    rule_ledger_fields(snapshot->ledger, seen);
    for (uint32_t i = 0; i < count; i++) {
        rows[i] = (struct row){key_of(sort, &tallies[i]), i};
    }
    qsort(rows, count, sizeof(*rows), by_key);
    json_map(json);
    put_totals(json, snapshot);
    json_key(json, "items");
    json_list(json);
    for (uint32_t i = 0; i < count && i < limit && i < LIMIT_MAX && rows[i].key >= 0; i++) {
        put_row(json, snapshot->rules, rows[i].rule, &tallies[rows[i].rule], seen);
    }
    json_list_end(json);
    json_map_end(json);
    return FAULT_OK;
}
