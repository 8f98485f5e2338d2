/* SPDX-License-Identifier: Apache-2.0 */
/* event_fixture — a struct event out of the JSON of one, as far as rules look at it. The decoders
 * stand beside this module, so its tests make their events themselves. */
#pragma once
#include "ingest/base/must.h"
#include "ingest/event/event.h"

static inline struct slice member(const struct value *map, const char *key)
{
    return value_text(value_get(map, slice_str(key)));
}

static inline void fill_frames(struct arena *arena, const struct value *list,
                               struct stacktrace *stacktrace)
{
    uint32_t count = list != NULL ? list->count : 0;
    stacktrace->frames = ARENA_ARRAY(arena, count + 1u, struct frame);
    for (const struct value *at = value_first(list); at != NULL; at = at->next) {
        struct frame *frame = &stacktrace->frames[stacktrace->count++];
        frame->module = member(at, "module");
        frame->function = member(at, "function");
        frame->filename = member(at, "filename");
        (void)value_integer(value_get(at, SLICE("lineno")), &frame->lineno);
    }
}

static inline void fill_exceptions(struct arena *arena, const struct value *list,
                                   struct event *event)
{
    uint32_t count = list != NULL ? list->count : 0;
    event->exceptions = ARENA_ARRAY(arena, count + 1u, struct exception);
    for (const struct value *at = value_first(list); at != NULL; at = at->next) {
        struct exception *exception = &event->exceptions[event->exception_count++];
        exception->type = member(at, "type");
        exception->module = member(at, "module");
        exception->value = member(at, "value");
        const struct value *trace = value_get(at, SLICE("stacktrace"));
        fill_frames(arena, value_get(trace, SLICE("frames")), &exception->stacktrace);
    }
}

static inline void fill_request(const struct value *request, struct event *event)
{
    event->request.method = member(request, "method");
    event->request.url = member(request, "url");
    event->request.query_string = member(request, "query_string");
    event->request.headers = value_get(request, SLICE("headers"));
    event->request.data = value_get(request, SLICE("data"));
}

/* `root` is the event's JSON. */
static inline struct event *event_of(struct arena *arena, const struct value *root)
{
    struct event *event = ARENA_NEW(arena, struct event);
    MUST(event != NULL);
    event->root = root;
    event->level = LEVEL_ERROR;
    event->platform = member(root, "platform");
    event->message = member(root, "message");
    event->release = member(root, "release");
    event->environment = member(root, "environment");
    event->contexts = value_get(root, SLICE("contexts"));
    event->modules = value_get(root, SLICE("modules"));
    event->user.id = member(value_get(root, SLICE("user")), "id");
    event->user.email = member(value_get(root, SLICE("user")), "email");
    event->user.ip_address = member(value_get(root, SLICE("user")), "ip_address");
    const struct value *tags = value_get(root, SLICE("tags"));
    event->tags = ARENA_ARRAY(arena, tags != NULL ? tags->count + 1u : 1, struct tag);
    for (const struct value *at = value_first(tags); at != NULL; at = at->next) {
        event->tags[event->tag_count++] = (struct tag){at->key, value_text(at)};
    }
    fill_exceptions(arena, value_get(value_get(root, SLICE("exception")), SLICE("values")), event);
    fill_request(value_get(root, SLICE("request")), event);
    return event;
}
