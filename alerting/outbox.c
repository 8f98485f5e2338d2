/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/outbox.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <stdio.h>

#define ARGUMENTS_MAX (16u + 2u * DELIVERIES_MAX)
#define NUMBER_BYTES  24u

/* One FCALL in the making; numbers are kept in `numbers`. */
struct call {
    struct slice arguments[ARGUMENTS_MAX];
    char numbers[8 + DELIVERIES_MAX][NUMBER_BYTES];
    char key[32];
    int count;
    uint32_t number_count;
};

static void add(struct call *call, struct slice text)
{
    MUST((uint32_t)call->count < ARGUMENTS_MAX);
    call->arguments[call->count++] = text;
}

static void add_number(struct call *call, int64_t number)
{
    MUST(call->number_count < 8 + DELIVERIES_MAX);
    char *text = call->numbers[call->number_count++];
    snprintf(text, NUMBER_BYTES, "%lld", (long long)number);
    add(call, slice_str(text));
}

static void begin(struct call *call, const char *function, uint32_t partition)
{
    call->count = 0;
    call->number_count = 0;
    snprintf(call->key, sizeof(call->key), "t:{%02u}:lanes", partition);
    add(call, SLICE("FCALL"));
    add(call, slice_str(function));
    add(call, SLICE("1"));
    add(call, slice_str(call->key));
}

/* Sends it; NULL when Redis broke or refused. */
static redisReply *send(struct redis *redis, const struct call *call)
{
    redisReply *reply =
        redis_append(redis, call->count, call->arguments) ? redis_reply(redis) : NULL;
    if (reply != NULL && reply->type == REDIS_REPLY_ERROR) {
        redis_refused(redis, reply);
        freeReplyObject(reply);
        return NULL;
    }
    return reply;
}

static bool send_and_forget(struct redis *redis, const struct call *call)
{
    redisReply *reply = send(redis, call);
    bool well = reply != NULL;
    freeReplyObject(reply);
    return well;
}

/* [id, lane, attempts, created (ms), body] */
static bool read_claim(const redisReply *reply, struct arena *arena, struct outbox_claim *out)
{
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 5) {
        return false;
    }
    out->place.id = arena_copy(arena, redis_text(reply->element[0]));
    out->place.lane = arena_copy(arena, redis_text(reply->element[1]));
    out->attempts = (uint32_t)redis_number(reply->element[2]);
    out->created_us = redis_number(reply->element[3]) * 1000;
    out->body = arena_copy(arena, redis_text(reply->element[4]));
    return !arena->exhausted;
}

/* [due (ms, or ''), depth, claim, claim …] */
static bool read_claims(const redisReply *reply, uint32_t partition, struct arena *arena,
                        struct outbox_claims *out)
{
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements < 2) {
        return false;
    }
    size_t count = reply->elements - 2;
    out->items = ARENA_ARRAY(arena, count + 1, struct outbox_claim);
    if (out->items == NULL || count > DELIVERIES_MAX) {
        return false;
    }
    int64_t due_ms = redis_number(reply->element[0]);
    out->due_us = due_ms < INT64_MAX / 1000 ? due_ms * 1000 : 0;
    out->depth = (uint64_t)redis_number(reply->element[1]);
    out->count = (uint32_t)count;
    for (uint32_t i = 0; i < count; i++) {
        out->items[i].place.partition = partition;
        if (!read_claim(reply->element[i + 2], arena, &out->items[i])) {
            return false;
        }
    }
    return true;
}

bool outbox_claim(struct redis *redis, uint32_t partition, const struct outbox_terms *terms,
                  struct arena *arena, struct outbox_claims *out)
{
    struct call call;
    MUST(terms->room <= DELIVERIES_MAX && terms->lane_count <= DELIVERIES_MAX);
    begin(&call, "tocsin_outbox_claim", partition);
    add(&call, slice_str(terms->owner));
    add_number(&call, terms->now_us / 1000);
    add_number(&call, terms->lease_ms);
    add_number(&call, terms->room);
    add_number(&call, terms->lane_room);
    for (uint32_t i = 0; i < terms->lane_count; i++) {
        add(&call, terms->lanes[i].name);
        add_number(&call, terms->lanes[i].room);
    }
    redisReply *reply = send(redis, &call);
    bool well = reply != NULL && read_claims(reply, partition, arena, out);
    freeReplyObject(reply);
    return well;
}

bool outbox_done(struct redis *redis, const struct outbox_place *place, int64_t now_us,
                 const char *why)
{
    struct call call;
    begin(&call, "tocsin_outbox_done", place->partition);
    add(&call, place->id);
    add(&call, place->lane);
    add_number(&call, now_us / 1000);
    add_number(&call, NOTICE_KEPT_MS);
    add(&call, slice_str(why));
    return send_and_forget(redis, &call);
}

bool outbox_dead(struct redis *redis, const struct outbox_place *place, int64_t now_us,
                 const char *why)
{
    struct call call;
    begin(&call, "tocsin_outbox_dead", place->partition);
    add(&call, place->id);
    add(&call, place->lane);
    add_number(&call, now_us / 1000);
    add_number(&call, DEAD_NOTICES_MAX);
    add(&call, slice_str(why));
    return send_and_forget(redis, &call);
}

bool outbox_again(struct redis *redis, const struct outbox_place *place, const char *owner,
                  int64_t due_us, const char *why)
{
    struct call call;
    begin(&call, "tocsin_outbox_again", place->partition);
    add(&call, place->id);
    add(&call, place->lane);
    add(&call, slice_str(owner));
    add_number(&call, (due_us + 999) / 1000);
    add(&call, slice_str(why));
    return send_and_forget(redis, &call);
}

bool outbox_recover(struct redis *redis, uint32_t partition, const char *owner, int64_t now_us)
{
    struct call call;
    begin(&call, "tocsin_outbox_recover", partition);
    add(&call, slice_str(owner));
    add_number(&call, now_us / 1000);
    return send_and_forget(redis, &call);
}

bool outbox_replay(struct redis *redis, uint32_t partition, struct slice id, int64_t now_us,
                   bool *found)
{
    struct call call;
    begin(&call, "tocsin_outbox_replay", partition);
    add(&call, id);
    add_number(&call, now_us / 1000);
    redisReply *reply = send(redis, &call);
    bool well = reply != NULL;
    *found = well && redis_number(reply) == 1;
    freeReplyObject(reply);
    return well;
}
