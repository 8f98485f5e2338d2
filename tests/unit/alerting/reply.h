/* SPDX-License-Identifier: Apache-2.0 */
/* reply — what Redis would have answered, made from RESP text without a Redis. */
#pragma once
#include <criterion/criterion.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <string.h>

#define REPLY_BYTES 65536

static inline redisReply *reply_parse(const char *resp, size_t length)
{
    void *reply = NULL;
    redisReader *reader = redisReaderCreate();
    cr_assert_eq(redisReaderFeed(reader, resp, length), REDIS_OK);
    cr_assert_eq(redisReaderGetReply(reader, &reply), REDIS_OK);
    cr_assert_not_null(reply);
    redisReaderFree(reader);
    return reply;
}

/* A list of texts; ends at the first NULL. */
static inline size_t reply_print_list(char *out, const char *const *texts)
{
    size_t count = 0;
    size_t length = 0;
    while (texts[count] != NULL) {
        count++;
    }
    length += (size_t)snprintf(out, REPLY_BYTES, "*%zu\r\n", count);
    for (size_t i = 0; i < count; i++) {
        length += (size_t)snprintf(out + length, REPLY_BYTES - length, "$%zu\r\n%s\r\n",
                                   strlen(texts[i]), texts[i]);
        cr_assert(length < REPLY_BYTES);
    }
    return length;
}

static inline redisReply *reply_list(const char *const *texts)
{
    char resp[REPLY_BYTES];
    return reply_parse(resp, reply_print_list(resp, texts));
}

/* A stream entry: [id, [name, value, ...]] */
static inline redisReply *reply_entry(const char *id, const char *const *fields)
{
    char resp[REPLY_BYTES + 64];
    int head = snprintf(resp, 64, "*2\r\n$%zu\r\n%s\r\n", strlen(id), id);
    return reply_parse(resp, (size_t)head + reply_print_list(resp + head, fields));
}
