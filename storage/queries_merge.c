/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "storage/keys.h"
#include "storage/queries_inside.h"
#include <inttypes.h>
#include <stdio.h>

/* Calls `function` with the issue's partition and `rest`; NULL when Redis does not answer, or
 * refuses. */
static redisReply *call(struct queries *queries, const char *function, uint64_t issue,
                        const struct slice *rest, uint32_t count)
{
    char key[KEY_BYTES_MAX];
    struct slice arguments[4 + MERGE_ISSUES_MAX] = {
        SLICE("FCALL"), slice_str(function), SLICE("1"),
        key_format(key, KEY_APPLIED, key_issue_partition(issue), 0, 0)};
    MUST(count <= MERGE_ISSUES_MAX);
    memcpy(arguments + 4, rest, count * sizeof(rest[0]));
    if (!queries_ready(queries) || !redis_append(queries->link, 4 + (int)count, arguments)) {
        return NULL;
    }
    redisReply *reply = redis_reply(queries->link);
    if (reply != NULL && reply->type == REDIS_REPLY_ERROR) {
        redis_refused(queries->link, reply);
        freeReplyObject(reply);
        return NULL;
    }
    return reply;
}

struct fault queries_merge(struct queries *queries, const uint64_t *issues, uint32_t count,
                           uint64_t *out_issue, uint32_t *out_merged)
{
    char texts[MERGE_ISSUES_MAX][24];
    struct slice list[MERGE_ISSUES_MAX];
    MUST(count >= 1 && count <= MERGE_ISSUES_MAX);
    for (uint32_t i = 0; i < count; i++) {
        (void)snprintf(texts[i], sizeof(texts[i]), "%" PRIu64, issues[i]);
        list[i] = slice_str(texts[i]);
        if (key_issue_partition(issues[i]) != key_issue_partition(issues[0])) {
            return fault_make(FAULT_NOT_FOUND, "merge: issues that are not there, or of another "
                                               "project");
        }
    }
    redisReply *reply = call(queries, "tocsin_merge", issues[0], list, count);
    if (reply == NULL) {
        return queries_away();
    }
    bool is_well = reply->type == REDIS_REPLY_ARRAY && reply->elements == 2;
    int64_t merged = is_well ? redis_number(reply->element[0]) : -1;
    *out_issue = is_well ? (uint64_t)redis_number(reply->element[1]) : 0;
    *out_merged = merged > 0 ? (uint32_t)merged : 0;
    freeReplyObject(reply);
    return merged >= 0 ? FAULT_OK
                       : fault_make(FAULT_NOT_FOUND, "merge: issues that are not there, or of "
                                                     "another project");
}

struct fault queries_unmerge(struct queries *queries, uint64_t issue, struct id hash,
                             uint64_t *out_issue)
{
    char text[24];
    char hex[ID_HEX_BYTES + 1];
    (void)snprintf(text, sizeof(text), "%" PRIu64, issue);
    id_format(hash, hex);
    const struct slice list[] = {slice_str(text), slice_of(hex, ID_HEX_BYTES)};
    redisReply *reply = call(queries, "tocsin_unmerge", issue, list, 2);
    if (reply == NULL) {
        return queries_away();
    }
    int64_t answer = redis_number(reply);
    freeReplyObject(reply);
    if (answer == -2) {
        return fault_make(FAULT_MALFORMED, "unmerge: the hash is the issue's own; take the parts "
                                           "that were merged into it");
    }
    if (answer <= 0) {
        return fault_make(FAULT_NOT_FOUND, "unmerge: no such issue, or no such hash in it");
    }
    *out_issue = (uint64_t)answer;
    return FAULT_OK;
}

/* {issue, count, last event, {hash...}}; false when the arena is full. */
static bool read_part(struct arena *arena, const redisReply *reply, struct issue_part *out)
{
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 4) {
        return false;
    }
    const redisReply *list = reply->element[3];
    *out = (struct issue_part){.issue = (uint64_t)redis_number(reply->element[0]),
                               .count = (uint64_t)redis_number(reply->element[1])};
    (void)id_parse(redis_text(reply->element[2]), &out->last_event);
    out->hashes = ARENA_ARRAY(arena, list->elements + 1, struct id);
    for (size_t i = 0; out->hashes != NULL && i < list->elements; i++) {
        out->hash_count += id_parse(redis_text(list->element[i]), &out->hashes[out->hash_count]);
    }
    return out->hashes != NULL;
}

struct fault queries_parts(struct queries *queries, struct arena *arena, uint64_t issue,
                           struct issue_part **out, uint32_t *out_count)
{
    char text[24];
    (void)snprintf(text, sizeof(text), "%" PRIu64, issue);
    const struct slice list[] = {slice_str(text)};
    redisReply *reply = call(queries, "tocsin_issue_hashes", issue, list, 1);
    if (reply == NULL) {
        return queries_away();
    }
    struct fault fault = FAULT_OK;
    size_t count = reply->type == REDIS_REPLY_ARRAY ? reply->elements : 0;
    struct issue_part *parts = ARENA_ARRAY(arena, count + 1, struct issue_part);
    for (size_t i = 0; i < count; i++) {
        if (parts == NULL || !read_part(arena, reply->element[i], &parts[i])) {
            fault = fault_make(FAULT_TOO_BIG, "issue: the answer does not fit");
        }
    }
    freeReplyObject(reply);
    if (count == 0) {
        return fault_make(FAULT_NOT_FOUND, "issue: there is no such issue");
    }
    *out = parts;
    *out_count = (uint32_t)count;
    return fault;
}
