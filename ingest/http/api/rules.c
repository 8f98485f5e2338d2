/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/http/api/call.h"
#include <stdlib.h>

#define LIMIT_DEFAULT 50u
#define LIMIT_MAX     1000u

/* What is known of rules, by their places (rules/fates.h): correlations stand behind the rules, and
 * have no tally: they are not evaluated. */
struct known {
    const struct ruleset *set;
    const struct rule_tally *tallies;
    const struct rule_fates *fates;
    const bool *seen;
};

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
static double key_of(struct slice sort, const struct known *known, uint32_t place)
{
    const struct rule_tally *tally = &known->tallies[place];
    if (slice_eq(sort, SLICE("suppressed"))) {
        return (double)rule_fates_get(known->fates, place, RULE_SUPPRESSED);
    }
    if (slice_eq(sort, SLICE("forgotten"))) {
        uint64_t forgotten = rule_fates_get(known->fates, place, RULE_FORGOTTEN);
        return forgotten != 0 ? (double)forgotten : -1;
    }
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
        return tally->evaluated == 0 && place < ruleset_count(known->set) ? 1 : -1;
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

static void put_fates(struct json *json, const struct rule_fates *fates, uint32_t place)
{
    static const char *const names[RULE_FATE_COUNT] = {
        [RULE_FIRED] = "fired", [RULE_SUPPRESSED] = "suppressed", [RULE_FORGOTTEN] = "forgotten"};
    for (unsigned i = 0; i < RULE_FATE_COUNT; i++) {
        json_member_integer(json, names[i],
                            (int64_t)rule_fates_get(fates, place, (enum rule_fate)i));
    }
}

static void put_row(struct json *json, const struct known *known, uint32_t place)
{
    const struct rule_info *info = rule_fates_info(known->fates, place);
    const struct rule_tally *tally = &known->tallies[place];
    bool is_rule = place < ruleset_count(known->set);
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
    json_member_string(json, "kind", is_rule ? SLICE("rule") : SLICE("correlation"));
    put_fates(json, known->fates, place);
    if (is_rule) {
        put_unseen(json, known->set, place, known->seen);
    }
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
    struct rule_fates *fates = rule_ledger_fates(snapshot->ledger);
    uint32_t count = rule_fates_count(fates);
    struct rule_tally *tallies = ARENA_ARRAY(arena, count + 1u, struct rule_tally);
    struct row *rows = ARENA_ARRAY(arena, count + 1u, struct row);
    bool *seen = ARENA_ARRAY(arena, ruleset_field_count(snapshot->rules), bool);
    if (tallies == NULL || rows == NULL || seen == NULL) {
        return fault_make(FAULT_UNAVAILABLE, "no memory left");
    }
    const struct known known = {snapshot->rules, tallies, fates, seen};
    rule_ledger_rules(snapshot->ledger, tallies);
    rule_ledger_fields(snapshot->ledger, seen);
    for (uint32_t i = 0; i < count; i++) {
        rows[i] = (struct row){key_of(sort, &known, i), i};
    }
    qsort(rows, count, sizeof(*rows), by_key);
    json_map(json);
    put_totals(json, snapshot);
    json_key(json, "items");
    json_list(json);
    for (uint32_t i = 0; i < count && i < limit && i < LIMIT_MAX && rows[i].key >= 0; i++) {
        put_row(json, &known, rows[i].rule);
    }
    json_list_end(json);
    json_map_end(json);
    return FAULT_OK;
}
