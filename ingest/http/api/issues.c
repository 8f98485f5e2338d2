/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "ingest/host/clock.h"
#include "ingest/http/api/call.h"
#include <inttypes.h>
#include <stdio.h>

#define LIMIT_DEFAULT 25u

static void number(struct json *json, const char *key, uint64_t value)
{
    char text[24];
    snprintf(text, sizeof(text), "%" PRIu64, value);
    json_member_string(json, key, slice_str(text));
}

static void date(struct json *json, const char *key, int64_t us)
{
    char text[TIME_TEXT_BYTES];
    time_format(us, 3, text);
    json_member_string(json, key, slice_str(text));
}

static void event_ref(struct json *json, const char *key, struct id id)
{
    char hex[ID_HEX_BYTES + 1];
    id_format(id, hex);
    json_member_string(json, key, slice_str(hex));
}

/* "Type: value" back into its parts; a title without them stays whole. */
static void metadata(struct json *json, const struct issue *issue)
{
    size_t colon = slice_search(issue->title, SLICE(": "));
    MUST(colon <= issue->title.len);
    json_key(json, "metadata");
    json_map(json);
    if (slice_eq(issue->type, SLICE("error")) && colon < issue->title.len) {
        json_member_string(json, "type", slice_head(issue->title, colon));
        json_member_string(json, "value", slice_from(issue->title, colon + 2));
    } else {
        json_member_string(json, "title", issue->title);
    }
    json_map_end(json);
}

static void write_project(struct json *json, const struct call *call, uint32_t id)
{
    const struct project *project = projects_by_id(&call->api->snapshot->projects, id);
    struct slice slug = project != NULL ? project->slug : slice_of(NULL, 0);
    json_key(json, "project");
    json_map(json);
    number(json, "id", id);
    json_member_string(json, "name", slug);
    json_member_string(json, "slug", slug);
    json_map_end(json);
}

static struct slice short_id(struct call *call, const struct issue *issue)
{
    const struct project *project = projects_by_id(&call->api->snapshot->projects, issue->project);
    struct slice slug = project != NULL ? project->slug : SLICE("issue");
    struct slice text =
        arena_printf(&call->api->arena, "%.*s-%" PRIu64, SLICE_ARG(slug), issue->id);
    char *at = text.len != 0 ? arena_bytes(&call->api->arena, text.len) : NULL;
    for (size_t i = 0; at != NULL && i < text.len; i++) {
        char c = text.at[i];
        at[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return at != NULL ? slice_of(at, text.len) : text;
}

static void write_issue(struct call *call, const struct issue *issue)
{
    struct json *json = &call->json;
    MUST(issue->id != 0 && issue->status < ISSUE_STATUS_COUNT);
    json_map(json);
    number(json, "id", issue->id);
    json_member_string(json, "shortId", short_id(call, issue));
    json_member_string(json, "title", issue->title);
    json_member_string(json, "culprit", issue->culprit);
    json_member_string(json, "logger", issue->logger);
    json_member_string(json, "level", slice_str(level_name(issue->level)));
    json_member_string(json, "status", slice_str(issue_status_name(issue->status)));
    json_key(json, "statusDetails");
    json_map(json);
    json_map_end(json);
    json_member_string(json, "platform", issue->platform);
    write_project(json, call, issue->project);
    json_member_string(json, "type", issue->type);
    metadata(json, issue);
    number(json, "count", issue->count);
    json_member_integer(json, "userCount", (int64_t)issue->users);
    date(json, "firstSeen", issue->first_seen_us);
    date(json, "lastSeen", issue->last_seen_us);
    json_member_string(json, "firstRelease", issue->first_release);
    json_member_string(json, "lastRelease", issue->last_release);
    event_ref(json, "firstEventID", issue->first_event);
    event_ref(json, "latestEventID", issue->last_event);
    json_map_end(json);
}

/* "is:unresolved is:ignored" as a set of statuses. Anything else is refused, not ignored. */
static struct fault read_query(struct call *call, struct issue_filter *filter)
{
    struct slice query = call_parameter(call, "query");
    while (query.len > 0) {
        size_t end = slice_find(query, ' ');
        struct slice word = slice_head(query, end);
        enum issue_status status;
        query = slice_from(query, end + 1);
        if (word.len == 0) {
            continue;
        }
        if (!slice_starts(word, SLICE("is:")) ||
            !issue_status_parse(slice_from(word, 3), &status)) {
            return fault_make(FAULT_MALFORMED,
                              "query: only is:unresolved, is:resolved and is:ignored are "
                              "understood");
        }
        MUST(status < ISSUE_STATUS_COUNT);
        filter->statuses |= 1u << status;
    }
    return FAULT_OK;
}

/* "MILLISECONDS:ISSUE", as the page before named it. */
static struct fault read_page(struct call *call, struct issue_filter *filter)
{
    struct slice cursor = call_parameter(call, "cursor");
    struct slice limit = call_parameter(call, "limit");
    uint64_t value = LIMIT_DEFAULT;
    if (limit.len != 0 &&
        (!call_number(limit, &value) || value < 1 || value > ISSUES_PER_PAGE_MAX)) {
        return fault_make(FAULT_MALFORMED, "limit: a number from 1 to 100");
    }
    filter->limit = (unsigned)value;
    MUST(filter->limit >= 1 && filter->limit <= ISSUES_PER_PAGE_MAX);
    if (cursor.len != 0) {
        size_t colon = slice_find(cursor, ':');
        if (!call_number(slice_head(cursor, colon), &value) ||
            !call_number(slice_from(cursor, colon + 1), &filter->before_id)) {
            return fault_make(FAULT_MALFORMED, "cursor: take it from the page before");
        }
        filter->before_ms = (int64_t)value;
    }
    return FAULT_OK;
}

struct fault api_issues(struct call *call)
{
    const struct project *project = call_project(call, 0);
    struct issue_filter filter = {0};
    struct issue_page page;
    if (project == NULL) {
        return fault_make(FAULT_NOT_FOUND, "no such project");
    }
    filter.project = project->id;
    struct fault fault = read_query(call, &filter);
    if (!fault_is(fault)) {
        fault = read_page(call, &filter);
    }
    if (!fault_is(fault)) {
        fault = queries_issues(call->api->queries, &call->api->arena, &filter, &page);
    }
    if (fault_is(fault)) {
        return fault;
    }
    MUST(page.count <= filter.limit && (!page.has_more || page.count > 0));
    json_list(&call->json);
    for (unsigned i = 0; i < page.count; i++) {
        write_issue(call, &page.issues[i]);
    }
    json_list_end(&call->json);
    if (page.has_more) {
        struct slice path = call->request->path;
        struct slice link =
            arena_printf(&call->api->arena,
                         "<%.*s?cursor=%" PRId64 ":%" PRIu64 ">; rel=\"next\"; results=\"true\"; "
                         "cursor=\"%" PRId64 ":%" PRIu64 "\"",
                         SLICE_ARG(path), page.next_ms, page.next_id, page.next_ms, page.next_id);
        call->link = arena_str(&call->api->arena, link);
    }
    return FAULT_OK;
}

static struct fault read_issue(struct call *call, struct issue *out)
{
    uint64_t id = 0;
    if (!call_number(call->parts[0], &id)) {
        return fault_make(FAULT_NOT_FOUND, "no such issue");
    }
    struct fault fault = queries_issue(call->api->queries, &call->api->arena, id, out);
    return fault.kind == FAULT_NOT_FOUND ? fault_make(FAULT_NOT_FOUND, "no such issue") : fault;
}

struct fault api_issue(struct call *call)
{
    struct issue issue;
    struct fault fault = read_issue(call, &issue);
    if (!fault_is(fault)) {
        write_issue(call, &issue);
    }
    return fault;
}

struct fault api_issue_update(struct call *call)
{
    struct api *api = call->api;
    struct issue issue;
    struct value *body = NULL;
    struct issue_change change = {.actor = SLICE("api"), .now_us = clock_wall_us()};
    bool changed = false;
    struct fault fault = read_issue(call, &issue);
    if (!fault_is(fault)) {
        fault = value_parse_json(&api->arena, call->request->body, &body);
    }
    if (fault_is(fault)) {
        return fault;
    }
    if (!issue_status_parse(value_string(value_get(body, SLICE("status"))), &change.status)) {
        return fault_make(FAULT_MALFORMED,
                          "status: one of \"unresolved\", \"resolved\", \"ignored\"");
    }
    MUST(change.now_us > 0 && change.status < ISSUE_STATUS_COUNT);
    change.issue = issue.id;
    fault = queries_set_status(api->queries, &change, &changed);
    return fault_is(fault) ? fault : api_issue(call);
}
