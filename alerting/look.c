/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/look.h"
#include "ingest/base/must.h"
#include <inttypes.h>
#include <stdio.h>

#define KEY_TEXT_BYTES 32u

static struct slice key_of(char out[static KEY_TEXT_BYTES], uint32_t partition, const char *name)
{
    MUST(partition < PARTITION_COUNT);
    int length = snprintf(out, KEY_TEXT_BYTES, "t:{%02u}:%s", partition, name);
    MUST(length > 0 && length < (int)KEY_TEXT_BYTES);
    return slice_of(out, (size_t)length);
}

static bool ask(struct redis *redis, uint32_t partition)
{
    char read[KEY_TEXT_BYTES];
    char due[KEY_TEXT_BYTES];
    char alerts[KEY_TEXT_BYTES];
    const struct slice state[] = {SLICE("HMGET"), key_of(read, partition, "facts_read"),
                                  SLICE("cursor"), SLICE("version")};
    const struct slice timer[] = {SLICE("ZRANGE"), key_of(due, partition, "due"), SLICE("0"),
                                  SLICE("0"), SLICE("WITHSCORES")};
    const struct slice firing[] = {SLICE("ZCARD"), key_of(alerts, partition, "alerts")};
    return redis_append(redis, 4, state) && redis_append(redis, 5, timer) &&
           redis_append(redis, 2, firing);
}

/* "ms-n" and nothing else: what is wrong would be refused by Redis for ever. */
static bool is_cursor(struct slice text)
{
    size_t dash = slice_find(text, '-');
    bool well = dash > 0 && dash + 1 < text.len && text.len < CURSOR_BYTES_MAX;
    for (size_t i = 0; well && i < text.len; i++) {
        well = i == dash || (text.at[i] >= '0' && text.at[i] <= '9');
    }
    return well;
}

static bool read_state(const redisReply *reply, struct place *out)
{
    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) {
        return false;
    }
    struct slice cursor = redis_text(reply->element[0]);
    cursor = is_cursor(cursor) ? cursor : SLICE("0-0");
    snprintf(out->cursor, sizeof(out->cursor), "%.*s", SLICE_ARG(cursor));
    out->version = (uint64_t)redis_number(reply->element[1]);
    return true;
}

static bool read_timer(const redisReply *reply, struct place *out)
{
    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY) {
        return false;
    }
    int64_t due_ms = reply->elements == 2 ? redis_number(reply->element[1]) : 0;
    out->due_us = due_ms > 0 && due_ms < INT64_MAX / 1000 ? due_ms * 1000 : 0;
    out->due_us = reply->elements == 2 && out->due_us == 0 ? 1 : out->due_us;
    return true;
}

static bool read_firing(const redisReply *reply, struct place *out)
{
    if (reply == NULL || reply->type != REDIS_REPLY_INTEGER) {
        return false;
    }
    out->firing = (uint64_t)reply->integer;
    return true;
}

typedef bool read_fn(const redisReply *reply, struct place *out);

static bool take(struct redis *redis, read_fn *read, struct place *out)
{
    redisReply *reply = redis_reply(redis);
    bool well = read(reply, out);
    if (!well && reply != NULL) {
        redis_refused(redis, reply);
    }
    freeReplyObject(reply);
    return well;
}

bool look_at(struct redis *redis, struct places *places, uint64_t partitions)
{
    bool well = true;
    for (uint32_t i = 0; i < PARTITION_COUNT && well; i++) {
        well = (partitions >> i & 1) == 0 || ask(redis, i);
    }
    for (uint32_t i = 0; i < PARTITION_COUNT && well; i++) {
        struct place *place = &places->items[i];
        well = (partitions >> i & 1) == 0 ||
               (take(redis, read_state, place) && take(redis, read_timer, place) &&
                take(redis, read_firing, place));
    }
    return well;
}

/* Adds the streams and, behind all of them, their cursors; gives how many arguments that are. */
static int add_streams(const struct places *places, uint64_t partitions,
                       char keys[static PARTITION_COUNT][KEY_TEXT_BYTES], struct slice *out)
{
    int streams = __builtin_popcountll(partitions);
    int count = 0;
    for (uint32_t i = 0; i < PARTITION_COUNT; i++) {
        if ((partitions >> i & 1) != 0) {
            out[count] = key_of(keys[i], i, "facts");
            out[count + streams] = slice_str(places->items[i].cursor);
            count++;
        }
    }
    MUST(count == streams);
    return 2 * count;
}

/* The reply when it is a list; else NULL, and whether that is because there is nothing. */
static redisReply *list_of(struct redis *redis, redisReply *reply, bool *is_fine)
{
    *is_fine =
        reply != NULL && (reply->type == REDIS_REPLY_ARRAY || reply->type == REDIS_REPLY_NIL);
    if (reply != NULL && !*is_fine) {
        redis_refused(redis, reply);
    }
    if (reply != NULL && reply->type != REDIS_REPLY_ARRAY) {
        freeReplyObject(reply);
        return NULL;
    }
    return reply;
}

bool look_for_facts(struct redis *redis, const struct places *places,
                    const struct look_terms *terms, redisReply **out)
{
    struct slice arguments[6 + 2 * PARTITION_COUNT];
    char keys[PARTITION_COUNT][KEY_TEXT_BYTES];
    char numbers[2][16];
    int count = 0;
    bool is_fine = false;
    MUST(terms->most > 0 && terms->partitions != 0);
    snprintf(numbers[0], sizeof(numbers[0]), "%" PRIu32, terms->most);
    snprintf(numbers[1], sizeof(numbers[1]), "%" PRIu32, terms->wait_ms);
    arguments[count++] = SLICE("XREAD");
    arguments[count++] = SLICE("COUNT");
    arguments[count++] = slice_str(numbers[0]);
    if (terms->wait_ms != 0) { /* BLOCK 0 would wait for ever */
        arguments[count++] = SLICE("BLOCK");
        arguments[count++] = slice_str(numbers[1]);
    }
    arguments[count++] = SLICE("STREAMS");
    count += add_streams(places, terms->partitions, keys, arguments + count);
    redisReply *reply = redis_append(redis, count, arguments) ? redis_reply(redis) : NULL;
    *out = list_of(redis, reply, &is_fine);
    return is_fine;
}

bool look_facts(const redisReply *reply, size_t index, struct facts *out)
{
    MUST(reply->type == REDIS_REPLY_ARRAY && index < reply->elements);
    const redisReply *pair = reply->element[index];
    if (pair->type != REDIS_REPLY_ARRAY || pair->elements != 2 ||
        pair->element[1]->type != REDIS_REPLY_ARRAY) {
        return false;
    }
    struct slice key = redis_text(pair->element[0]);
    bool is_key = key.len > 5 && slice_starts(key, SLICE("t:{"));
    uint32_t partition =
        is_key ? (uint32_t)(key.at[3] - '0') * 10 + (uint32_t)(key.at[4] - '0') : PARTITION_COUNT;
    if (partition >= PARTITION_COUNT) {
        return false;
    }
    *out =
        (struct facts){partition, pair->element[1]->element, (uint32_t)pair->element[1]->elements};
    return true;
}
