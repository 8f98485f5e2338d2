/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/http/api/call.h"
#include <inttypes.h>
#include <stdio.h>

static void number(struct json *json, uint64_t value)
{
    char text[24];
    (void)snprintf(text, sizeof(text), "%" PRIu64, value);
    json_string(json, slice_str(text));
}

/* "id=1&id=2&…" as numbers; 0 when there are too many, or one is none. */
static uint32_t read_ids(struct slice query, uint64_t out[static MERGE_ISSUES_MAX])
{
    uint32_t count = 0;
    while (query.len > 0) {
        size_t end = slice_find(query, '&');
        struct slice pair = slice_head(query, end);
        query = slice_from(query, end + 1);
        if (!slice_starts(pair, SLICE("id="))) {
            continue;
        }
        if (count == MERGE_ISSUES_MAX || !call_number(slice_from(pair, 3), &out[count])) {
            return 0;
        }
        count++;
    }
    MUST(count <= MERGE_ISSUES_MAX);
    return count;
}

/* All of `ids` must be issues of this project: an id says nothing about whose it is. */
static struct fault check_project(struct call *call, uint32_t project, const uint64_t *ids,
                                  uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct issue issue;
        struct fault fault = queries_issue(call->api->queries, &call->api->arena, ids[i], &issue);
        if (fault_is(fault)) {
            return fault;
        }
        if (issue.project != project) {
            return fault_make(FAULT_NOT_FOUND, "merge: an issue of another project");
        }
    }
    return FAULT_OK;
}

static void write_merge(struct json *json, uint64_t whole, const uint64_t *ids, uint32_t count)
{
    json_map(json);
    json_key(json, "merge");
    json_map(json);
    json_key(json, "parent");
    number(json, whole);
    json_key(json, "children");
    json_list(json);
    for (uint32_t i = 0; i < count; i++) {
        if (ids[i] != whole) {
            number(json, ids[i]);
        }
    }
    json_list_end(json);
    json_map_end(json);
    json_map_end(json);
}

/* PUT …/issues/?id=1&id=2 {"merge": 1}: into the first. */
struct fault api_merge(struct call *call)
{
    struct api *api = call->api;
    const struct project *project = call_project(call, 0);
    uint64_t ids[MERGE_ISSUES_MAX];
    uint64_t whole = 0;
    uint32_t merged = 0;
    struct value *body = NULL;
    if (project == NULL) {
        return fault_make(FAULT_NOT_FOUND, "no such project");
    }
    struct fault fault = value_parse_json(&api->arena, call->request->body, &body);
    if (fault_is(fault)) {
        return fault;
    }
    const struct value *wish = value_get(body, SLICE("merge"));
    if (!value_is(wish, VALUE_TRUE) && !slice_eq(value_text(wish), SLICE("1"))) {
        return fault_make(FAULT_MALFORMED, "merge: the body is {\"merge\": 1}; status is changed "
                                           "at /api/0/issues/ID/");
    }
    uint32_t count = read_ids(call->request->query, ids);
    if (count < 2) {
        return fault_make(FAULT_MALFORMED, "merge: two to 100 issues, as id=1&id=2");
    }
    fault = check_project(call, project->id, ids, count);
    if (!fault_is(fault)) {
        fault = queries_merge(api->queries, ids, count, &whole, &merged);
    }
    if (!fault_is(fault)) {
        write_merge(&call->json, whole, ids, count);
    }
    return fault;
}

static bool read_issue_id(const struct call *call, uint64_t *out)
{
    return call_number(call->parts[0], out);
}

struct fault api_hashes(struct call *call)
{
    uint64_t issue = 0;
    struct issue_part *parts = NULL;
    uint32_t count = 0;
    char hex[ID_HEX_BYTES + 1];
    if (!read_issue_id(call, &issue)) {
        return fault_make(FAULT_NOT_FOUND, "no such issue");
    }
    struct fault fault =
        queries_parts(call->api->queries, &call->api->arena, issue, &parts, &count);
    if (fault_is(fault)) {
        return fault;
    }
    json_list(&call->json);
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t h = 0; h < parts[i].hash_count; h++) {
            json_map(&call->json);
            id_format(parts[i].hashes[h], hex);
            json_member_string(&call->json, "id", slice_str(hex));
            json_key(&call->json, "issue");
            number(&call->json, parts[i].issue);
            json_member_bool(&call->json, "merged", i > 0);
            json_key(&call->json, "count");
            number(&call->json, parts[i].count);
            id_format(parts[i].last_event, hex);
            json_member_string(&call->json, "latestEventID", slice_str(hex));
            json_map_end(&call->json);
        }
    }
    json_list_end(&call->json);
    return FAULT_OK;
}

/* DELETE …/hashes/?id=HASH */
struct fault api_unmerge(struct call *call)
{
    uint64_t issue = 0;
    uint64_t part = 0;
    struct id hash;
    if (!read_issue_id(call, &issue)) {
        return fault_make(FAULT_NOT_FOUND, "no such issue");
    }
    if (!id_parse(call_parameter(call, "id"), &hash)) {
        return fault_make(FAULT_MALFORMED, "unmerge: id=HASH, 32 hex digits of the list at "
                                           "/api/0/issues/ID/hashes/");
    }
    struct fault fault = queries_unmerge(call->api->queries, issue, hash, &part);
    if (fault_is(fault)) {
        return fault;
    }
    json_map(&call->json);
    json_key(&call->json, "id");
    number(&call->json, part);
    json_map_end(&call->json);
    return FAULT_OK;
}
