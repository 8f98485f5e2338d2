/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/queries.h"

#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "storage/functions.h"
#include "storage/keys.h"
#include "storage/queries_inside.h"
#include "storage/queries_read.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Members of the zset looked at in one round, and how many rounds one page may take: a filter that
 * fits nothing must not read an index of millions. */
enum { ROUND = 100, ROUNDS_MAX = 50 };

static const char *const STATUS_NAMES[ISSUE_STATUS_COUNT] = {"unresolved", "resolved", "ignored"};

const char *issue_status_name(enum issue_status status)
{
    MUST(status < ISSUE_STATUS_COUNT);
    return STATUS_NAMES[status];
}

bool issue_status_parse(struct slice name, enum issue_status *out)
{
    MUST(out != NULL);
    for (unsigned i = 0; i < ISSUE_STATUS_COUNT; i++) {
        if (slice_eq(name, slice_str(STATUS_NAMES[i]))) {
            *out = (enum issue_status)i;
            return true;
        }
    }
    return false;
}

struct queries *queries_new(const struct redis_options *options, uint32_t index_hours)
{
    MUST(options != NULL);
    struct queries *queries = calloc(1, sizeof *queries);
    MUST(queries != NULL);
    queries->link = redis_new(options);
    queries->index_hours = index_hours != 0 ? index_hours : EVENT_INDEX_HOURS;
    return queries;
}

void queries_free(struct queries *queries)
{
    if (queries != NULL) {
        redis_free(queries->link);
        free(queries);
    }
}

const char *queries_error(const struct queries *queries)
{
    return redis_error(queries->link);
}

struct fault queries_away(void)
{
    return fault_make(FAULT_UNAVAILABLE, "redis: cannot be asked now");
}

bool queries_ready(struct queries *queries)
{
    redisReply *reply = redis_command(queries->link, "PING");
    if (reply == NULL) {
        return redis_connect(queries->link) && functions_load(queries->link);
    }
    freeReplyObject(reply);
    return true;
}

/* Appends HMGET of an issue's fields and PFCOUNT of its users. */
static bool ask_issue(struct queries *queries, uint64_t id)
{
    char issue[KEY_BYTES_MAX];
    char users[KEY_BYTES_MAX];
    struct slice arguments[2 + ISSUE_FIELD_COUNT] = {
        SLICE("HMGET"), key_format(issue, KEY_ISSUE, key_issue_partition(id), id, 0)};
    const struct slice count[] = {SLICE("PFCOUNT"),
                                  key_format(users, KEY_USERS, key_issue_partition(id), id, 0)};
    issue_field_names(arguments + 2);
    return redis_append(queries->link, 2 + ISSUE_FIELD_COUNT, arguments) &&
           redis_append(queries->link, 2, count);
}

/* Takes the two replies. NOT_FOUND: there is no such issue. */
static struct fault take_issue(struct queries *queries, struct arena *arena, uint64_t id,
                               struct issue *out)
{
    struct fault fault = queries_away();
    redisReply *fields = redis_reply(queries->link);
    redisReply *users = fields != NULL ? redis_reply(queries->link) : NULL;
    if (users != NULL) {
        fault = issue_read(arena, fields, out);
        out->id = id;
        out->users = (uint64_t)redis_number(users);
        freeReplyObject(users);
    }
    if (fields != NULL) {
        freeReplyObject(fields);
    }
    return fault;
}

struct fault queries_issue(struct queries *queries, struct arena *arena, uint64_t id,
                           struct issue *out)
{
    MUST(arena != NULL && out != NULL);
    struct issue issue;
    if (!queries_ready(queries) || !ask_issue(queries, id)) {
        return queries_away();
    }
    struct fault fault = take_issue(queries, arena, id, &issue);
    if (!fault_is(fault) && issue.merged_into != 0) { /* never two steps deep */
        id = issue.merged_into;
        fault = ask_issue(queries, id) ? take_issue(queries, arena, id, &issue) : queries_away();
    }
    if (!fault_is(fault)) {
        *out = issue;
    }
    return fault;
}

/* One stretch of a project's index, newest first. */
struct stretch {
    uint64_t ids[ROUND];
    int64_t seen_ms[ROUND];
    unsigned count;
    bool is_last;
};

/* Reads the members after (`ms`, `id`) in the index's order: by score, then by text, descending. */
static bool read_stretch(struct queries *queries, uint32_t project, int64_t ms, uint64_t id,
                         struct stretch *out)
{
    char key[KEY_BYTES_MAX];
    char most[32] = "+inf";
    struct slice name = key_format(key, KEY_ISSUES, effect_partition(project), project, 0);
    unsigned skip = 0;
    out->count = 0;
    out->is_last = false;
    if (ms > 0) {
        (void)snprintf(most, sizeof most, "%" PRId64, ms);
    }
    while (out->count == 0 && !out->is_last) {
        redisReply *reply =
            redis_command(queries->link, "ZREVRANGEBYSCORE %b %s -inf WITHSCORES LIMIT %d %d",
                          name.at, name.len, most, (int)skip, ROUND);
        if (reply == NULL || reply->type != REDIS_REPLY_ARRAY) {
            if (reply != NULL) {
                redis_refused(queries->link, reply);
                freeReplyObject(reply);
            }
            return false;
        }
        for (size_t i = 0; i + 1 < reply->elements; i += 2) {
            uint64_t member = (uint64_t)redis_number(reply->element[i]);
            int64_t seen_ms = redis_number(reply->element[i + 1]);
            /* Those of the cursor's millisecond that were on the page before. */
            if (ms > 0 && seen_ms == ms && !issue_is_after(member, id)) {
                continue;
            }
            out->ids[out->count] = member;
            out->seen_ms[out->count++] = seen_ms;
        }
        out->is_last = reply->elements < 2 * ROUND;
        skip += ROUND;
        freeReplyObject(reply);
    }
    MUST(out->count <= ROUND);
    return true;
}

/* Adds those of the stretch that pass the filter; moves the cursor behind the last one looked at.
 */
static struct fault add_stretch(struct queries *queries, struct arena *arena,
                                const struct issue_filter *filter, const struct stretch *stretch,
                                struct issue_page *page)
{
    struct fault fault = FAULT_OK;
    for (unsigned i = 0; i < stretch->count; i++) {
        if (!ask_issue(queries, stretch->ids[i])) {
            return queries_away();
        }
    }
    for (unsigned i = 0; i < stretch->count; i++) {
        struct issue issue;
        struct fault one = take_issue(queries, arena, stretch->ids[i], &issue);
        if (fault_is(one) && one.kind != FAULT_NOT_FOUND) {
            fault = one;
        }
        if (fault_is(fault) || page->count == filter->limit) {
            page->has_more = true;
            continue; /* the other replies must be taken too */
        }
        page->next_ms = stretch->seen_ms[i];
        page->next_id = stretch->ids[i];
        bool is_wanted = filter->statuses == 0 || (filter->statuses & 1u << issue.status) != 0;
        if (!fault_is(one) && is_wanted) {
            page->issues[page->count++] = issue;
        }
    }
    MUST(page->count <= filter->limit);
    return fault;
}

struct fault queries_issues(struct queries *queries, struct arena *arena,
                            const struct issue_filter *filter, struct issue_page *out)
{
    MUST(filter->limit > 0 && filter->limit <= ISSUES_PER_PAGE_MAX);
    struct issue_page page = {.next_ms = filter->before_ms, .next_id = filter->before_id};
    struct stretch stretch = {.is_last = false};
    page.issues = ARENA_ARRAY(arena, filter->limit, struct issue);
    if (page.issues == NULL) {
        return fault_make(FAULT_TOO_BIG, "issues: the answer does not fit");
    }
    if (!queries_ready(queries)) {
        return queries_away();
    }
    for (unsigned round = 0; round < ROUNDS_MAX && !stretch.is_last && !page.has_more; round++) {
        if (!read_stretch(queries, filter->project, page.next_ms, page.next_id, &stretch)) {
            return queries_away();
        }
        struct fault fault = add_stretch(queries, arena, filter, &stretch, &page);
        if (fault_is(fault)) {
            return fault;
        }
    }
    page.has_more = page.has_more || !stretch.is_last;
    *out = page;
    return FAULT_OK;
}

static bool ask_hour(struct queries *queries, uint32_t project, struct id id, int64_t hour)
{
    char key[KEY_BYTES_MAX];
    const struct slice arguments[] = {
        SLICE("HGET"),
        key_format(key, KEY_EVENTS, effect_partition(project), project, (uint64_t)hour),
        slice_of((const char *)id.bytes, sizeof id.bytes)};
    return redis_append(queries->link, 3, arguments);
}

/* Fills in what the issue was merged into. */
static bool follow_merge(struct queries *queries, uint64_t *issue)
{
    char key[KEY_BYTES_MAX];
    struct slice name = key_format(key, KEY_ISSUE, key_issue_partition(*issue), *issue, 0);
    redisReply *reply = redis_command(queries->link, "HGET %b merged_into", name.at, name.len);
    if (reply == NULL) {
        return false;
    }
    uint64_t whole = (uint64_t)redis_number(reply);
    *issue = whole != 0 ? whole : *issue;
    freeReplyObject(reply);
    return true;
}

struct fault queries_event(struct queries *queries, uint32_t project, struct id id, int64_t now_us,
                           struct place *out, uint64_t *out_issue)
{
    MUST(out != NULL && out_issue != NULL);
    struct fault fault = fault_make(FAULT_NOT_FOUND, "event: not known, or too long ago");
    int64_t hour = now_us / (3600 * TIME_US_PER_S);
    int64_t hours = hour < queries->index_hours ? hour : queries->index_hours;
    if (!queries_ready(queries)) {
        return queries_away();
    }
    /* One hour more on both sides: clocks differ. */
    for (int64_t i = -1; i <= hours; i++) {
        if (!ask_hour(queries, project, id, hour - i)) {
            return queries_away();
        }
    }
    for (int64_t i = -1; i <= hours; i++) {
        redisReply *reply = redis_reply(queries->link);
        if (reply == NULL) {
            return queries_away();
        }
        if (fault_is(fault) && place_decode(redis_text(reply), out, out_issue)) {
            fault = FAULT_OK;
        }
        freeReplyObject(reply);
    }
    if (!fault_is(fault) && !follow_merge(queries, out_issue)) {
        return queries_away();
    }
    return fault;
}

struct fault queries_set_status(struct queries *queries, const struct issue_change *change,
                                bool *out_changed)
{
    MUST(out_changed != NULL && change->status < ISSUE_STATUS_COUNT);
    char key[KEY_BYTES_MAX];
    uint32_t partition = key_issue_partition(change->issue);
    struct slice applied = key_format(key, KEY_APPLIED, partition, 0, 0);
    if (!queries_ready(queries)) {
        return queries_away();
    }
    redisReply *reply = redis_command(
        queries->link, "FCALL tocsin_issue_status 1 %b %llu %s %b %lld", applied.at, applied.len,
        (unsigned long long)change->issue, issue_status_name(change->status), change->actor.at,
        change->actor.len, (long long)(change->now_us / TIME_US_PER_MS));
    if (reply == NULL || reply->type != REDIS_REPLY_INTEGER) {
        if (reply != NULL) {
            redis_refused(queries->link, reply);
            freeReplyObject(reply);
        }
        return queries_away();
    }
    int64_t answer = reply->integer;
    freeReplyObject(reply);
    if (answer < 0) {
        return fault_make(FAULT_NOT_FOUND, "issue: there is no such issue");
    }
    *out_changed = answer == 1;
    return FAULT_OK;
}

/* The value of "name:value" in the text of INFO; empty when there is none. */
static struct slice info_value(struct slice info, struct slice name)
{
    while (info.len > 0) {
        size_t end = slice_find(info, '\n');
        struct slice line = slice_trim(slice_head(info, end));
        if (slice_starts(line, name) && line.len > name.len && line.at[name.len] == ':') {
            return slice_from(line, name.len + 1);
        }
        info = slice_from(info, end + 1);
    }
    return SLICE("");
}

struct fault queries_statistics(struct queries *queries, struct storage_statistics *out)
{
    MUST(out != NULL);
    if (!queries_ready(queries)) {
        return queries_away();
    }
    redisReply *info = redis_command(queries->link, "INFO");
    redisReply *size = info != NULL ? redis_command(queries->link, "DBSIZE") : NULL;
    if (size != NULL) {
        struct slice text = redis_text(info);
        struct slice memory = info_value(text, SLICE("used_memory"));
        struct slice version = info_value(text, SLICE("redis_version"));
        *out = (struct storage_statistics){.keys = (uint64_t)redis_number(size)};
        /* Followed by a line end, where strtoull stops. */
        out->memory_bytes = memory.len > 0 ? strtoull(memory.at, NULL, 10) : 0;
        out->durable = slice_eq(info_value(text, SLICE("aof_enabled")), SLICE("1"));
        (void)snprintf(out->redis_version, sizeof out->redis_version, "%.*s",
                       version.len > 15 ? 15 : (int)version.len, version.len > 0 ? version.at : "");
        freeReplyObject(size);
    }
    if (info != NULL) {
        freeReplyObject(info);
    }
    return size != NULL ? FAULT_OK : queries_away();
}
