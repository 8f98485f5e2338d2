/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/functions.h"

#include "ingest/base/must.h"

/* The value behind `name` in a reply that lists names and values. */
static const redisReply *member(const redisReply *map, struct slice name)
{
    for (size_t i = 0; map->type == REDIS_REPLY_ARRAY && i + 1 < map->elements; i += 2) {
        if (slice_eq(redis_text(map->element[i]), name)) {
            return map->element[i + 1];
        }
    }
    return NULL;
}

static bool is_loaded(const redisReply *reply, const struct function_library *library)
{
    if (reply->type != REDIS_REPLY_ARRAY || reply->elements != 1) {
        return false;
    }
    return slice_eq(redis_text(member(reply->element[0], SLICE("library_code"))),
                    slice_of(library->code, library->code_bytes));
}

static bool load(struct redis *link, const struct function_library *library)
{
    redisReply *reply = redis_command(link, "FUNCTION LIST LIBRARYNAME %s WITHCODE", library->name);
    if (reply == NULL) {
        return false;
    }
    bool is_there = is_loaded(reply, library);
    freeReplyObject(reply);
    if (is_there) {
        return true;
    }
    reply = redis_command(link, "FUNCTION LOAD REPLACE %b", library->code, library->code_bytes);
    bool is_fine = reply != NULL && reply->type != REDIS_REPLY_ERROR;
    if (reply != NULL) {
        if (!is_fine) {
            redis_refused(link, reply);
        }
        freeReplyObject(reply);
    }
    return is_fine;
}

bool functions_load(struct redis *link)
{
    size_t count = 0;
    const struct function_library *libraries = functions_list(&count);
    MUST(count > 0);
    for (size_t i = 0; i < count; i++) {
        if (!load(link, &libraries[i])) {
            return false;
        }
    }
    return true;
}
