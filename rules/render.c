/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/render.h"
#include "ingest/base/must.h"

/* Pieces of text in order; counted first, then copied once. */
struct writer {
    char *out; /* NULL while counting */
    size_t used;
};

static void put(struct writer *w, struct slice text)
{
    if (w->out != NULL && text.len != 0) {
        memcpy(w->out + w->used, text.at, text.len);
    }
    w->used += text.len;
}

static void put_number(struct writer *w, int64_t number)
{
    char text[24];
    int length = snprintf(text, sizeof(text), "%lld", (long long)number);
    MUST(length > 0 && length < (int)sizeof(text));
    put(w, slice_of(text, (size_t)length));
}

/* "at module.function(file:line)", leaving out what is not known. */
static void put_frame(struct writer *w, const struct frame *frame)
{
    struct slice file = frame->filename.len != 0 ? frame->filename : frame->abs_path;
    struct slice module = frame->module.len != 0 ? frame->module : frame->package;
    put(w, SLICE("at "));
    put(w, module);
    if (module.len != 0 && frame->function.len != 0) {
        put(w, SLICE("."));
    }
    put(w, frame->function);
    if (file.len != 0) {
        put(w, SLICE("("));
        put(w, file);
        if (frame->lineno > 0) {
            put(w, SLICE(":"));
            put_number(w, frame->lineno);
        }
        put(w, SLICE(")"));
    }
    put(w, SLICE("\n"));
}

static void put_frames(struct writer *w, const struct stacktrace *stacktrace)
{
    for (uint32_t i = 0; i < stacktrace->count; i++) {
        put_frame(w, &stacktrace->frames[i]);
    }
}

static void put_exception(struct writer *w, const struct exception *exception)
{
    put(w, exception->module);
    if (exception->module.len != 0 && exception->type.len != 0) {
        put(w, SLICE("."));
    }
    put(w, exception->type);
    if (exception->value.len != 0) {
        put(w, SLICE(": "));
        put(w, exception->value);
    }
    put(w, SLICE("\n"));
    put_frames(w, &exception->stacktrace);
}

static void put_request(struct writer *w, const struct request *request)
{
    if (request->url.len == 0) {
        return;
    }
    put(w, request->method);
    put(w, request->method.len != 0 ? SLICE(" ") : slice_of(NULL, 0));
    put(w, request->url);
    if (request->query_string.len != 0) {
        put(w, SLICE("?"));
        put(w, request->query_string);
    }
    put(w, SLICE("\n"));
}

static void put_event(struct writer *w, const struct event *event)
{
    struct slice message = event->formatted.len != 0 ? event->formatted : event->message;
    put_request(w, &event->request);
    if (message.len != 0) {
        put(w, message);
        put(w, SLICE("\n"));
    }
    for (uint32_t i = 0; i < event->exception_count; i++) {
        put_exception(w, &event->exceptions[i]);
    }
    put_frames(w, &event->stacktrace);
}

struct slice render_event(struct arena *arena, const struct event *event)
{
    struct writer count = {0};
    put_event(&count, event);
    struct writer w = {.out = arena_bytes(arena, count.used + 1)};
    if (w.out == NULL) {
        return slice_of(NULL, 0);
    }
    put_event(&w, event);
    MUST(w.used == count.used);
    return slice_of(w.out, w.used);
}

struct slice render_frames(struct arena *arena, const struct stacktrace *stacktrace)
{
    struct writer count = {0};
    put_frames(&count, stacktrace);
    struct writer w = {.out = arena_bytes(arena, count.used + 1)};
    if (w.out == NULL) {
        return slice_of(NULL, 0);
    }
    put_frames(&w, stacktrace);
    return slice_of(w.out, w.used);
}
