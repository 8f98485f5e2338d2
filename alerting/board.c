/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/board.h"
#include "ingest/base/hash.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <inttypes.h>

void board_init(struct board *board, uint32_t partition, int64_t now_us)
{
    MUST(board->arena != NULL);
    struct arena *arena = board->arena;
    struct redis *redis = board->redis;
    *board =
        (struct board){.arena = arena, .redis = redis, .partition = partition, .now_us = now_us};
    board->alerts_end = &board->alerts;
    board->groups_end = &board->groups;
    board->notices_end = &board->notices;
}

static uint32_t bucket_of(struct slice text)
{
    return (uint32_t)(hash_fnv1a(HASH_FNV1A_START, text) % BOARD_BUCKETS);
}

struct board_alert *board_want_alert(struct board *board, struct slice key)
{
    MUST(key.len == ID_HEX_BYTES);
    struct board_alert **bucket = &board->alert_buckets[bucket_of(key)];
    for (struct board_alert *at = *bucket; at != NULL; at = at->next_in_bucket) {
        if (slice_eq(at->alert.key, key)) {
            return at;
        }
    }
    struct board_alert *entry = ARENA_NEW(board->arena, struct board_alert);
    if (entry == NULL) {
        return NULL;
    }
    entry->alert.key = arena_copy(board->arena, key);
    entry->next_in_bucket = *bucket;
    *bucket = entry;
    *board->alerts_end = entry;
    board->alerts_end = &entry->next;
    return board->arena->exhausted ? NULL : entry;
}

struct board_group *board_want_group(struct board *board, struct slice id)
{
    MUST(id.len == ID_HEX_BYTES);
    struct board_group **bucket = &board->group_buckets[bucket_of(id)];
    for (struct board_group *at = *bucket; at != NULL; at = at->next_in_bucket) {
        if (slice_eq(at->stored.id, id)) {
            return at;
        }
    }
    struct board_group *entry = ARENA_NEW(board->arena, struct board_group);
    if (entry == NULL) {
        return NULL;
    }
    entry->stored.id = arena_copy(board->arena, id);
    entry->next_in_bucket = *bucket;
    *bucket = entry;
    *board->groups_end = entry;
    board->groups_end = &entry->next;
    return board->arena->exhausted ? NULL : entry;
}

static bool ask_for(struct board *board, const char *kind, struct slice name)
{
    MUST(kind != NULL);
    struct slice key =
        arena_printf(board->arena, "t:{%02u}:%s:%.*s", board->partition, kind, SLICE_ARG(name));
    struct slice arguments[] = {SLICE("HGETALL"), key};
    return key.len != 0 && redis_append(board->redis, 2, arguments);
}

/* The next pipelined reply when it is a list; NULL otherwise. */
static redisReply *take_list(struct board *board)
{
    redisReply *reply = redis_reply(board->redis);
    if (reply != NULL && reply->type != REDIS_REPLY_ARRAY) {
        redis_refused(board->redis, reply);
        freeReplyObject(reply);
        return NULL;
    }
    return reply;
}

static bool load_alerts(struct board *board)
{
    bool well = true;
    for (struct board_alert *at = board->alerts; at != NULL && well; at = at->next) {
        well = at->is_loaded || ask_for(board, "alert", at->alert.key);
    }
    for (struct board_alert *at = board->alerts; at != NULL && well; at = at->next) {
        if (at->is_loaded) {
            continue;
        }
        redisReply *reply = take_list(board);
        well = reply != NULL && stored_read_alert(reply, at->alert.key, board->arena, &at->alert);
        at->is_loaded = well;
        freeReplyObject(reply);
    }
    return well;
}

static bool load_group(struct board *board, struct board_group *group)
{
    MUST(group->stored.id.len == ID_HEX_BYTES);
    redisReply *reply = take_list(board);
    group->members = ARENA_ARRAY(board->arena, GROUP_ALERTS_MAX, struct slice);
    bool well = reply != NULL && group->members != NULL &&
                stored_read_group(reply, board->arena, &group->stored, group->members);
    freeReplyObject(reply);
    for (uint32_t i = 0; well && i < group->stored.group.count; i++) {
        struct board_alert *member = board_want_alert(board, group->members[i]);
        group->stored.group.members[i].alert = member != NULL ? &member->alert : NULL;
        well = member != NULL;
    }
    group->is_loaded = well;
    return well;
}

/* Where memory of an alert has expired, so has what was told of it. */
static void settle_members(struct group *group)
{
    MUST(group->count <= GROUP_ALERTS_MAX);
    for (uint32_t i = 0; i < group->count; i++) {
        struct group_member *member = &group->members[i];
        if (member->told_period > member->alert->period) {
            member->told_period = 0;
        }
    }
}

bool board_load(struct board *board)
{
    MUST(board->alerts_end != NULL && board->groups_end != NULL);
    bool well = true;
    struct board_group *first = NULL;
    for (struct board_group *at = board->groups; at != NULL && well; at = at->next) {
        first = first == NULL && !at->is_loaded ? at : first;
        well = at->is_loaded || ask_for(board, "group", at->stored.id);
    }
    for (struct board_group *at = first; at != NULL && well; at = at->next) {
        well = at->is_loaded || load_group(board, at);
    }
    well = well && load_alerts(board);
    for (struct board_group *at = first; at != NULL && well; at = at->next) {
        settle_members(&at->stored.group);
    }
    if (!well) { /* replies may be left over: they must not be taken for others */
        redis_disconnect(board->redis);
    }
    return well;
}

/* Copies a list of texts out of a reply, which it frees. */
static bool take_texts(struct board *board, redisReply *reply, struct slice **out, uint32_t *count)
{
    MUST(out != NULL && count != NULL);
    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY) {
        freeReplyObject(reply);
        return false;
    }
    struct slice *texts = ARENA_ARRAY(board->arena, reply->elements + 1, struct slice);
    for (size_t i = 0; i < reply->elements && texts != NULL; i++) {
        texts[i] = arena_copy(board->arena, redis_text(reply->element[i]));
    }
    *count = (uint32_t)reply->elements;
    *out = texts;
    freeReplyObject(reply);
    return !board->arena->exhausted;
}

bool board_issue_alerts(struct board *board, struct slice issue, struct slice **out,
                        uint32_t *count)
{
    MUST(issue.len != 0);
    redisReply *reply = redis_command(board->redis, "SMEMBERS t:{%02u}:i:%b:alerts",
                                      board->partition, issue.at, issue.len);
    return take_texts(board, reply, out, count);
}

bool board_due(struct board *board, struct slice *out, uint32_t max, uint32_t *count)
{
    MUST(out != NULL && max > 0);
    struct slice *texts = NULL;
    redisReply *reply =
        redis_command(board->redis, "ZRANGEBYSCORE t:{%02u}:due -inf %lld LIMIT 0 %u",
                      board->partition, (long long)(board->now_us / 1000), max);
    if (!take_texts(board, reply, &texts, count)) {
        return false;
    }
    MUST(*count <= max);
    for (uint32_t i = 0; i < *count; i++) {
        out[i] = texts[i];
    }
    return true;
}
