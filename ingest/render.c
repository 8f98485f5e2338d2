/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/render.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "ingest/render_inside.h"
#include "ingest/render_meta.h"
#include <inttypes.h>
#include <stdio.h>

static void date(struct json *json, const char *key, int64_t us)
{
    char text[TIME_TEXT_BYTES];
    time_format(us, 6, text);
    json_member_string(json, key, slice_str(text));
}

static void tristate(struct json *json, const char *key, enum tristate value)
{
    json_key(json, key);
    if (value == UNKNOWN) {
        json_null(json);
    } else {
        json_bool(json, value == YES);
    }
}

static void address(struct json *json, const char *key, uint64_t at)
{
    char text[24];
    snprintf(text, sizeof(text), "0x%" PRIx64, at);
    render_text(json, key, at != 0 ? slice_str(text) : slice_of(NULL, 0));
}

static void line(struct json *json, int64_t number, struct slice text)
{
    json_list(json);
    json_integer(json, number);
    json_string(json, text);
    json_list_end(json);
}

/* The source around a frame as [[line number, text], …], oldest line first. */
static void source(struct json *json, const struct frame *frame)
{
    const struct value *before = value_get(frame->raw, SLICE("pre_context"));
    const struct value *after = value_get(frame->raw, SLICE("post_context"));
    int64_t first = frame->lineno - (before != NULL ? (int64_t)before->count : 0);
    json_key(json, "context");
    json_list(json);
    if (!slice_is_empty(frame->context_line)) {
        for (const struct value *v = value_first(before); v != NULL; v = v->next) {
            line(json, first++, value_text(v));
        }
        line(json, frame->lineno, frame->context_line);
        int64_t next = frame->lineno + 1;
        for (const struct value *v = value_first(after); v != NULL; v = v->next) {
            line(json, next++, value_text(v));
        }
    }
    json_list_end(json);
}

static void position(struct json *json, const char *key, int64_t number)
{
    json_key(json, key);
    if (number > 0) {
        json_integer(json, number);
    } else {
        json_null(json);
    }
}

static void render_frame(struct json *json, const struct frame *frame)
{
    json_map(json);
    render_text(json, "filename", frame->filename);
    render_text(json, "absPath", frame->abs_path);
    render_text(json, "module", frame->module);
    render_text(json, "package", frame->package);
    render_text(json, "platform", frame->platform);
    render_text(json, "function", frame->function);
    render_text(json, "rawFunction", frame->raw_function);
    address(json, "instructionAddr", frame->instruction_addr);
    address(json, "imageAddr", frame->image_addr);
    source(json, frame);
    position(json, "lineNo", frame->lineno);
    position(json, "colNo", frame->colno);
    json_member_bool(json, "inApp", frame->in_app == YES);
    if (frame->symbol_status != NULL) {
        render_text(json, "symbolicatorStatus", slice_str(frame->symbol_status));
    }
    json_key(json, "vars");
    json_value(json, value_get(frame->raw, SLICE("vars")));
    json_map_end(json);
}

static void render_stacktrace(struct json *json, const struct stacktrace *stacktrace)
{
    if (stacktrace->count == 0) {
        json_null(json);
        return;
    }
    bool has_system = false;
    json_map(json);
    json_key(json, "frames");
    json_list(json);
    for (uint32_t i = 0; i < stacktrace->count; i++) {
        has_system = has_system || stacktrace->frames[i].in_app != YES;
        render_frame(json, &stacktrace->frames[i]);
    }
    json_list_end(json);
    json_member_bool(json, "hasSystemFrames", has_system);
    json_map_end(json);
}

static void render_exception(struct json *json, const struct exception *exception)
{
    json_map(json);
    render_text(json, "type", exception->type);
    render_text(json, "value", exception->value);
    render_text(json, "module", exception->module);
    render_text(json, "threadId", exception->thread_id);
    json_key(json, "mechanism");
    json_map(json);
    render_text(json, "type", exception->mechanism_type);
    tristate(json, "handled", exception->handled);
    json_member_bool(json, "synthetic", exception->is_synthetic);
    json_map_end(json);
    json_key(json, "stacktrace");
    render_stacktrace(json, &exception->stacktrace);
    json_map_end(json);
}

static void render_thread(struct json *json, const struct thread *thread)
{
    json_map(json);
    render_text(json, "id", thread->id);
    render_text(json, "name", thread->name);
    json_member_bool(json, "crashed", thread->is_crashed);
    json_member_bool(json, "current", thread->is_current);
    json_key(json, "stacktrace");
    render_stacktrace(json, &thread->stacktrace);
    json_map_end(json);
}

static void entry(struct json *json, const char *type)
{
    json_map(json);
    json_member_string(json, "type", slice_str(type));
    json_key(json, "data");
}

static void entry_exceptions(struct json *json, const struct event *event)
{
    entry(json, "exception");
    json_map(json);
    json_key(json, "values");
    json_list(json);
    for (uint32_t i = 0; i < event->exception_count; i++) {
        render_exception(json, &event->exceptions[i]);
    }
    json_list_end(json);
    json_map_end(json);
    json_map_end(json);
}

static void entry_threads(struct json *json, const struct event *event)
{
    entry(json, "threads");
    json_map(json);
    json_key(json, "values");
    json_list(json);
    for (uint32_t i = 0; i < event->thread_count; i++) {
        render_thread(json, &event->threads[i]);
    }
    json_list_end(json);
    json_map_end(json);
    json_map_end(json);
}

static void entry_message(struct json *json, const struct event *event)
{
    entry(json, "message");
    json_map(json);
    render_text(json, "message", event->message);
    render_text(json, "formatted", event->formatted);
    json_key(json, "params");
    json_value(json, event->params);
    json_map_end(json);
    json_map_end(json);
}

static void entry_breadcrumbs(struct json *json, const struct event *event)
{
    entry(json, "breadcrumbs");
    json_map(json);
    json_key(json, "values");
    json_value(json, event->breadcrumbs);
    json_map_end(json);
    json_map_end(json);
}

static void entry_request(struct json *json, const struct request *request)
{
    entry(json, "request");
    json_map(json);
    render_text(json, "method", request->method);
    render_text(json, "url", request->url);
    render_text(json, "queryString", request->query_string);
    json_key(json, "headers");
    json_value(json, request->headers);
    json_key(json, "cookies");
    json_value(json, request->cookies);
    json_key(json, "data");
    json_value(json, request->data);
    json_map_end(json);
    json_map_end(json);
}

static void write_entry(struct json *json, const struct event *event, enum render_entry which)
{
    switch (which) {
    case ENTRY_EXCEPTION:
        entry_exceptions(json, event);
        return;
    case ENTRY_STACKTRACE:
        entry(json, "stacktrace");
        render_stacktrace(json, &event->stacktrace);
        json_map_end(json);
        return;
    case ENTRY_THREADS:
        entry_threads(json, event);
        return;
    case ENTRY_MESSAGE:
        entry_message(json, event);
        return;
    case ENTRY_BREADCRUMBS:
        entry_breadcrumbs(json, event);
        return;
    case ENTRY_REQUEST:
        entry_request(json, &event->request);
        return;
    case ENTRY_COUNT:
        break;
    }
    NEVER("an entry outside its enum");
}

static void entries(struct json *json, const struct event *event)
{
    json_key(json, "entries");
    json_list(json);
    for (int entry = 0; entry < ENTRY_COUNT; entry++) {
        if (render_has_entry(event, (enum render_entry)entry)) {
            write_entry(json, event, (enum render_entry)entry);
        }
    }
    json_list_end(json);
}

static void tag(struct json *json, struct slice key, struct slice value)
{
    json_map(json);
    json_member_string(json, "key", key);
    json_member_string(json, "value", value);
    json_map_end(json);
}

uint32_t render_tag_fields(const struct event *event, struct tag out[static RENDER_TAG_FIELDS])
{
    const struct tag fields[RENDER_TAG_FIELDS] = {
        {SLICE_INIT("level"), slice_str(level_name(event->level))},
        {SLICE_INIT("environment"), event->environment},
        {SLICE_INIT("release"), event->release},
        {SLICE_INIT("server_name"), event->server_name},
        {SLICE_INIT("transaction"), event->transaction},
        {SLICE_INIT("logger"), event->logger},
    };
    uint32_t count = 0;
    for (size_t i = 0; i < RENDER_TAG_FIELDS; i++) {
        if (!slice_is_empty(fields[i].value) && slice_is_empty(event_tag(event, fields[i].key))) {
            out[count++] = fields[i];
        }
    }
    return count;
}

static void tags(struct json *json, const struct event *event)
{
    struct tag fields[RENDER_TAG_FIELDS];
    uint32_t count = render_tag_fields(event, fields);
    json_key(json, "tags");
    json_list(json);
    for (uint32_t i = 0; i < count; i++) {
        tag(json, fields[i].key, fields[i].value);
    }
    for (uint32_t i = 0; i < event->tag_count; i++) {
        tag(json, event->tags[i].key, event->tags[i].value);
    }
    json_list_end(json);
}

static const struct exception *shown(const struct event *event)
{
    return event->exception_count > 0 ? &event->exceptions[event->exception_count - 1] : NULL;
}

void render_api_metadata(struct json *json, const struct event *event)
{
    const struct exception *exception = shown(event);
    json_map(json);
    if (exception != NULL) {
        json_member_string(json, "type", exception->type);
        json_member_string(json, "value", exception->value);
        if (exception->stacktrace.count > 0) {
            const struct frame *frame =
                &exception->stacktrace.frames[exception->stacktrace.count - 1];
            render_text(json, "filename", frame->filename);
            render_text(json, "function", frame->function);
        }
    } else {
        json_member_string(json, "title", event->title);
    }
    json_map_end(json);
}

static void identity(struct json *json, const struct event *event,
                     const struct render_context *context)
{
    char hex[ID_HEX_BYTES + 1];
    char number[24];
    id_format(event->id, hex);
    json_member_string(json, "id", slice_str(hex));
    json_member_string(json, "eventID", slice_str(hex));
    snprintf(number, sizeof(number), "%" PRIu64, context->issue);
    render_text(json, "groupID", context->issue != 0 ? slice_str(number) : slice_of(NULL, 0));
    snprintf(number, sizeof(number), "%u", context->project);
    json_member_string(json, "projectID", slice_str(number));
    json_member_string(json, "title", event->title);
    json_member_string(json, "message",
                       slice_is_empty(event->formatted) ? event->message : event->formatted);
    json_member_string(json, "culprit", event->culprit);
    json_member_string(json, "type", slice_str(event_type_name(event->type)));
    json_member_string(json, "platform", event->platform);
    json_member_string(json, "level", slice_str(level_name(event->level)));
    date(json, "dateCreated", event->timestamp_us);
    date(json, "dateReceived", event->received_us);
    json_member_integer(json, "size", (int64_t)context->size);
}

static void fingerprints(struct json *json, const struct render_context *context)
{
    json_key(json, "fingerprints");
    json_list(json);
    for (uint32_t i = 0; i < context->hash_count; i++) {
        char hex[ID_HEX_BYTES + 1];
        id_format(context->hashes[i], hex);
        json_string(json, slice_str(hex));
    }
    json_list_end(json);
}

void render_api_event(struct json *json, const struct event *event,
                      const struct render_context *context)
{
    MUST(event->root != NULL);
    json_map(json);
    identity(json, event, context);
    render_text(json, "release", event->release);
    render_text(json, "dist", event->dist);
    render_text(json, "environment", event->environment);
    json_key(json, "metadata");
    render_api_metadata(json, event);
    render_user(json, event);
    tags(json, event);
    entries(json, event);
    json_key(json, "contexts");
    json_value(json, event->contexts);
    json_key(json, "context");
    json_value(json, event->extra);
    json_key(json, "packages");
    json_value(json, event->modules);
    json_key(json, "sdk");
    json_map(json);
    render_text(json, "name", event->sdk_name);
    render_text(json, "version", event->sdk_version);
    json_map_end(json);
    fingerprints(json, context);
    json_key(json, "_meta");
    render_meta(json, event);
    json_map_end(json);
}
