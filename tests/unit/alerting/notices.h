/* SPDX-License-Identifier: Apache-2.0 */
/* notices — puts notices into the outbox as a step does, and asks what became of them. */
#pragma once
#include "tests/unit/alerting/world.h"

#define NOTICES_LANE "team/webhook/0"

/* "ntf_" and 32 digits of `number`. */
static inline const char *notice_id(char out[static 40], unsigned number)
{
    snprintf(out, 40, "ntf_%032u", number);
    return out;
}

/* Queues notice `number`, behind notice `after` of the same group (0: behind none). */
static inline void notice_queue(struct world *world, unsigned partition, const char *lane,
                                unsigned number, unsigned after)
{
    char id[40];
    char before[40] = "";
    char read[32];
    char body[32];
    snprintf(read, sizeof(read), "t:{%02u}:facts_read", partition);
    snprintf(body, sizeof(body), "{\"notice\":%u}", number);
    redisReply *version = redis_command(world->redis, "HGET %s version", read);
    long long now_ms = (long long)(clock_wall_us() / 1000);
    redisReply *reply = redis_command(
        world->redis,
        "FCALL tocsin_alerting_commit 1 %s %lld %s notice 10 %s %s %lld %s 10000 10000 "
        "created %lld body %s",
        read, (long long)redis_number(version), "", notice_id(id, number), lane, now_ms,
        after != 0 ? notice_id(before, after) : "", now_ms, body);
    cr_assert(reply != NULL && reply->type == REDIS_REPLY_ARRAY, "%s",
              reply != NULL ? reply->str : redis_error(world->redis));
    cr_assert_eq(redis_number(reply->element[0]), 1);
    freeReplyObject(version);
    freeReplyObject(reply);
}

/* Whether a field of the stored notice is `expected`. */
static inline bool notice_is(struct world *world, unsigned partition, unsigned number,
                             const char *field, const char *expected)
{
    char id[40];
    redisReply *reply = redis_command(world->redis, "HGET t:{%02u}:notice:%s %s", partition,
                                      notice_id(id, number), field);
    bool is_equal = slice_eq(redis_text(reply), slice_str(expected));
    if (!is_equal) {
        fprintf(stderr, "notice %u: %s is '%.*s'\n", number, field, SLICE_ARG(redis_text(reply)));
    }
    freeReplyObject(reply);
    return is_equal;
}
