/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/queries_read.h"

#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum field {
    FIRST_SEEN,
    LAST_SEEN,
    COUNT,
    PROJECT,
    STATUS,
    LEVEL,
    TYPE,
    TITLE,
    CULPRIT,
    PLATFORM,
    LOGGER,
    FIRST_RELEASE,
    LAST_RELEASE,
    FIRST_EVENT,
    LAST_EVENT,
    LAST_PLACE,
    MERGED_INTO,
    FIELD_COUNT
};

static const char *const NAMES[FIELD_COUNT] = {
    "first_seen",   "last_seen",   "count",      "project",    "status",     "level",
    "type",         "title",       "culprit",    "platform",   "logger",     "first_release",
    "last_release", "first_event", "last_event", "last_place", "merged_into"};

_Static_assert((unsigned)FIELD_COUNT == ISSUE_FIELD_COUNT, "the table and the header agree");

void issue_field_names(struct slice *out)
{
    MUST(out != NULL);
    for (unsigned i = 0; i < FIELD_COUNT; i++) {
        out[i] = slice_str(NAMES[i]);
    }
}

/* "node:sequence:index", node being 8 hex digits. hiredis ends texts with a NUL. */
static void place_parse(struct slice text, struct place *out)
{
    unsigned node[4];
    uint64_t sequence = 0;
    uint32_t index = 0;
    if (text.len == 0 || sscanf(text.at, "%2x%2x%2x%2x:%" SCNu64 ":%" SCNu32, &node[0], &node[1],
                                &node[2], &node[3], &sequence, &index) != 6) {
        return;
    }
    for (unsigned i = 0; i < 4; i++) {
        out->node[i] = (uint8_t)node[i];
    }
    out->sequence = sequence;
    out->index = index;
}

struct fault issue_read(struct arena *arena, const redisReply *reply, struct issue *out)
{
    MUST(arena != NULL && reply != NULL && out != NULL);
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != FIELD_COUNT) {
        return fault_make(FAULT_UNAVAILABLE, "redis: an answer of another kind");
    }
    if (reply->element[FIRST_SEEN]->type != REDIS_REPLY_STRING) {
        return fault_make(FAULT_NOT_FOUND, "issue: there is no such issue");
    }
    struct slice texts[FIELD_COUNT];
    for (unsigned i = 0; i < FIELD_COUNT; i++) {
        struct slice text = redis_text(reply->element[i]);
        texts[i] = arena_copy(arena, text);
        if (texts[i].len != text.len) {
            return fault_make(FAULT_TOO_BIG, "issue: the answer does not fit");
        }
    }
    *out = (struct issue){
        .project = (uint32_t)redis_number(reply->element[PROJECT]),
        .type = texts[TYPE],
        .title = texts[TITLE],
        .culprit = texts[CULPRIT],
        .platform = texts[PLATFORM],
        .logger = texts[LOGGER],
        .first_release = texts[FIRST_RELEASE],
        .last_release = texts[LAST_RELEASE],
        .first_seen_us = redis_number(reply->element[FIRST_SEEN]) * TIME_US_PER_MS,
        .last_seen_us = redis_number(reply->element[LAST_SEEN]) * TIME_US_PER_MS,
        .count = (uint64_t)redis_number(reply->element[COUNT]),
        .merged_into = (uint64_t)redis_number(reply->element[MERGED_INTO]),
        .level = LEVEL_ERROR,
    };
    (void)issue_status_parse(texts[STATUS], &out->status);
    (void)level_parse(texts[LEVEL], &out->level);
    (void)id_parse(texts[FIRST_EVENT], &out->first_event);
    (void)id_parse(texts[LAST_EVENT], &out->last_event);
    place_parse(redis_text(reply->element[LAST_PLACE]), &out->last_place);
    return FAULT_OK;
}

bool place_decode(struct slice value, struct place *out, uint64_t *out_issue)
{
    enum { PLACE_BYTES = 14, ISSUE_DIGITS_MAX = 20 };
    if (value.len <= PLACE_BYTES || value.len > PLACE_BYTES + ISSUE_DIGITS_MAX) {
        return false;
    }
    const unsigned char *at = (const unsigned char *)value.at;
    uint64_t issue = 0;
    for (size_t i = PLACE_BYTES; i < value.len; i++) {
        if (at[i] < '0' || at[i] > '9') {
            return false;
        }
        issue = 10 * issue + (uint64_t)(at[i] - '0');
    }
    memcpy(out->node, at, 4);
    out->sequence = 0;
    for (unsigned i = 4; i < 12; i++) {
        out->sequence = out->sequence << 8 | at[i];
    }
    out->index = (uint32_t)at[12] << 8 | at[13];
    *out_issue = issue;
    return true;
}

bool issue_is_after(uint64_t member, uint64_t id)
{
    char left[24];
    char right[24];
    (void)snprintf(left, sizeof left, "%" PRIu64, member);
    (void)snprintf(right, sizeof right, "%" PRIu64, id);
    return strcmp(left, right) < 0;
}
