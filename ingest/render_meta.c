/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/render_meta.h"
#include "ingest/base/must.h"
#include "ingest/normalise/meta.h"
#include "ingest/render_inside.h"
#include <stdio.h>

#define OLD "sentry.interfaces."

bool render_has_entry(const struct event *event, enum render_entry entry)
{
    switch (entry) {
    case ENTRY_EXCEPTION:
        return event->exception_count > 0;
    case ENTRY_STACKTRACE:
        return event->stacktrace.count > 0;
    case ENTRY_THREADS:
        return event->thread_count > 0;
    case ENTRY_MESSAGE:
        return event->message.len != 0 || event->formatted.len != 0;
    case ENTRY_BREADCRUMBS:
        return value_first(event->breadcrumbs) != NULL;
    case ENTRY_REQUEST:
        return event->request.url.len != 0 || event->request.method.len != 0;
    case ENTRY_COUNT:
        break;
    }
    NEVER("an entry outside its enum");
}

/* What is known of a part, by its name of today or of 2013. */
static const struct value *part(const struct event *event, const char *name, const char *old)
{
    const struct value *found = meta_member(event->meta, slice_str(name));
    return found != NULL || old == NULL ? found : meta_member(event->meta, slice_str(old));
}

static const struct value *sent(const struct event *event, const char *name, const char *old)
{
    const struct value *found = value_get(event->root, slice_str(name));
    return found != NULL ? found : value_get(event->root, slice_str(old));
}

static void member(struct json *json, const char *name, const struct value *meta)
{
    if (meta != NULL) {
        json_key(json, name);
        json_value(json, meta);
    }
}

static void index_key(struct json *json, uint32_t index)
{
    char text[12];
    snprintf(text, sizeof(text), "%u", index);
    json_key(json, text);
}

/* A list in any of its shapes: its entries, and what is known of each. */
struct listed {
    const struct value *first;
    const struct value *meta; /* by index */
    const struct value *only; /* a bare object: what is known of it */
};

static struct listed list_of(const struct value *value, const struct value *meta)
{
    struct listed listed = {0};
    const struct value *values = value_get(value, SLICE("values"));
    if (value_is(value, VALUE_LIST)) {
        listed.first = value_first(value);
        listed.meta = meta;
    } else if (value_is(values, VALUE_LIST)) {
        listed.first = value_first(values);
        listed.meta = meta_member(meta, SLICE("values"));
    } else {
        listed.only = meta;
    }
    return listed;
}

/* What is known of the entry that `raw` is. */
static const struct value *known_of(const struct listed *listed, const struct value *raw)
{
    uint32_t index = 0;
    if (listed->only != NULL) {
        return listed->only;
    }
    for (const struct value *at = listed->first; at != NULL; at = at->next, index++) {
        if (at == raw) {
            return meta_entry(listed->meta, index);
        }
    }
    return NULL;
}

/* ---- stack traces ---- */

static uint32_t lines_of(const struct value *list)
{
    return value_is(list, VALUE_LIST) ? list->count : 0;
}

static void source_lines(struct json *json, const struct value *known, uint32_t first,
                         uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct value *line = meta_entry(known, i);
        if (line != NULL) {
            index_key(json, first + i);
            json_map(json);
            member(json, "1", line);
            json_map_end(json);
        }
    }
}

static void write_frame(struct json *json, const struct frame *frame, const struct value *known)
{
    uint32_t before = lines_of(value_get(frame->raw, SLICE("pre_context")));
    uint32_t after = lines_of(value_get(frame->raw, SLICE("post_context")));
    const struct value *line = meta_member(known, SLICE("context_line"));
    json_map(json);
    member(json, "vars", meta_member(known, SLICE("vars")));
    json_key(json, "context");
    json_map(json);
    source_lines(json, meta_member(known, SLICE("pre_context")), 0, before);
    if (line != NULL) {
        index_key(json, before);
        json_map(json);
        member(json, "1", line);
        json_map_end(json);
    }
    source_lines(json, meta_member(known, SLICE("post_context")), before + 1, after);
    json_map_end(json);
    json_map_end(json);
}

static void write_stack(struct json *json, const struct stacktrace *stack,
                        const struct value *known)
{
    const struct value *frames = value_get(stack->raw, SLICE("frames"));
    const struct value *about = stack->raw != NULL ? meta_member(known, SLICE("frames")) : known;
    uint32_t index = 0;
    json_map(json);
    json_key(json, "frames");
    json_map(json);
    member(json, "", meta_member(about, SLICE("")));
    const struct value *at = value_first(frames);
    for (uint32_t i = 0; i < stack->count; i++) {
        while (at != NULL && at != stack->frames[i].raw) {
            at = at->next;
            index++;
        }
        const struct value *one = meta_entry(about, frames != NULL ? index : i);
        if (one != NULL) {
            index_key(json, i);
            write_frame(json, &stack->frames[i], one);
        }
    }
    json_map_end(json);
    json_map_end(json);
}

/* ---- entries ---- */

static void entry_exceptions(struct json *json, const struct event *event)
{
    struct listed listed = list_of(sent(event, "exception", OLD "Exception"),
                                   part(event, "exception", OLD "Exception"));
    json_key(json, "values");
    json_map(json);
    for (uint32_t i = 0; i < event->exception_count; i++) {
        const struct value *known = known_of(&listed, event->exceptions[i].raw);
        if (known != NULL) {
            index_key(json, i);
            json_map(json);
            member(json, "value", meta_member(known, SLICE("value")));
            member(json, "mechanism", meta_member(known, SLICE("mechanism")));
            json_key(json, "stacktrace");
            write_stack(json, &event->exceptions[i].stacktrace,
                        meta_member(known, SLICE("stacktrace")));
            json_map_end(json);
        }
    }
    json_map_end(json);
}

static void entry_threads(struct json *json, const struct event *event)
{
    struct listed listed = list_of(sent(event, "threads", "threads"), part(event, "threads", NULL));
    json_key(json, "values");
    json_map(json);
    for (uint32_t i = 0; i < event->thread_count; i++) {
        const struct value *known = known_of(&listed, event->threads[i].raw);
        if (known != NULL) {
            index_key(json, i);
            json_map(json);
            member(json, "name", meta_member(known, SLICE("name")));
            json_key(json, "stacktrace");
            write_stack(json, &event->threads[i].stacktrace,
                        meta_member(known, SLICE("stacktrace")));
            json_map_end(json);
        }
    }
    json_map_end(json);
}

static void entry_breadcrumbs(struct json *json, const struct event *event)
{
    const struct value *known = part(event, "breadcrumbs", OLD "Breadcrumbs");
    const struct value *values = meta_member(known, SLICE("values"));
    member(json, "values", values != NULL ? values : known);
}

/* Headers as the answer has them: pairs, in the order of the event's. */
static void headers(struct json *json, const struct event *event, const struct value *known)
{
    const struct value *raw = value_get(event->request.raw, SLICE("headers"));
    uint32_t index = 0;
    json_key(json, "headers");
    json_map(json);
    for (const struct value *at = value_first(event->request.headers); at != NULL;
         at = at->next, index++) {
        const struct value *one = value_is(raw, VALUE_MAP)
                                      ? meta_member(known, value_text(value_first(at)))
                                      : meta_member(meta_entry(known, index), SLICE("1"));
        if (one != NULL) {
            index_key(json, index);
            json_map(json);
            member(json, "1", one);
            json_map_end(json);
        }
    }
    json_map_end(json);
}

static void entry_request(struct json *json, const struct event *event)
{
    const struct value *known = part(event, "request", OLD "Http");
    member(json, "url", meta_member(known, SLICE("url")));
    member(json, "queryString", meta_member(known, SLICE("query_string")));
    member(json, "cookies", meta_member(known, SLICE("cookies")));
    member(json, "data", meta_member(known, SLICE("data")));
    headers(json, event, meta_member(known, SLICE("headers")));
}

static void write_entry(struct json *json, const struct event *event, enum render_entry entry)
{
    const struct value *message = part(event, "logentry", OLD "Message");
    json_map(json);
    json_key(json, "data");
    if (entry == ENTRY_STACKTRACE) {
        write_stack(json, &event->stacktrace, part(event, "stacktrace", OLD "Stacktrace"));
    } else if (entry == ENTRY_MESSAGE && message != NULL) {
        json_value(json, message);
    } else {
        json_map(json);
        if (entry == ENTRY_EXCEPTION) {
            entry_exceptions(json, event);
        } else if (entry == ENTRY_THREADS) {
            entry_threads(json, event);
        } else if (entry == ENTRY_MESSAGE) {
            member(json, "formatted", part(event, "message", NULL));
        } else if (entry == ENTRY_BREADCRUMBS) {
            entry_breadcrumbs(json, event);
        } else if (entry == ENTRY_REQUEST) {
            entry_request(json, event);
        }
        json_map_end(json);
    }
    json_map_end(json);
}

/* ---- tags: a list in the answer, whatever they were sent as ---- */

/* True when `sent` is the tag's key: normalise trims it, and makes its spaces dashes. */
static bool is_key_of(struct slice sent, struct slice key)
{
    sent = slice_trim(sent);
    bool is_same = sent.len == key.len;
    for (size_t i = 0; i < sent.len && is_same; i++) {
        is_same = sent.at[i] == key.at[i] || (sent.at[i] == ' ' && key.at[i] == '-');
    }
    return is_same;
}

/* What a tag was sent as: where its key and its value stand in the entry, and in its `_meta`. */
struct tag_form {
    const struct value *key;
    const struct value *value;
    struct slice key_place; /* empty: the key is a member's name */
    struct slice value_place;
};

static struct tag_form form_of(const struct value *entry)
{
    if (value_is(entry, VALUE_LIST)) {
        const struct value *key = value_first(entry);
        return (struct tag_form){key, key != NULL ? key->next : NULL, SLICE("0"), SLICE("1")};
    }
    return (struct tag_form){value_get(entry, SLICE("key")), value_get(entry, SLICE("value")),
                             SLICE("key"), SLICE("value")};
}

/* Writes what is known of the tag `key`: {"key": …, "value": …}. */
static void entry_tag(struct json *json, const struct value *tags, const struct value *known,
                      struct slice key, uint32_t at_index)
{
    uint32_t index = 0;
    for (const struct value *at = value_first(tags); at != NULL; at = at->next, index++) {
        bool is_map = value_is(tags, VALUE_MAP);
        struct tag_form form =
            is_map ? (struct tag_form){NULL, at, SLICE(""), SLICE("")} : form_of(at);
        if (!is_key_of(is_map ? at->key : value_text(form.key), key) ||
            value_text(form.value).len == 0) {
            continue;
        }
        const struct value *entry = is_map ? meta_member(known, at->key) : meta_entry(known, index);
        const struct value *of_value = is_map ? entry : meta_member(entry, form.value_place);
        const struct value *of_key = is_map ? NULL : meta_member(entry, form.key_place);
        if (of_value != NULL || of_key != NULL) {
            index_key(json, at_index);
            json_map(json);
            member(json, "key", of_key);
            member(json, "value", of_value);
            json_map_end(json);
        }
        return;
    }
}

static void entry_tags(struct json *json, const struct event *event, const struct value *known)
{
    struct tag fields[RENDER_TAG_FIELDS];
    uint32_t before = render_tag_fields(event, fields);
    if (known == NULL) {
        return;
    }
    json_key(json, "tags");
    json_map(json);
    member(json, "", meta_member(known, SLICE("")));
    for (uint32_t i = 0; i < event->tag_count; i++) {
        entry_tag(json, value_get(event->root, SLICE("tags")), known, event->tags[i].key,
                  before + i);
    }
    json_map_end(json);
}

void render_meta(struct json *json, const struct event *event)
{
    uint32_t index = 0;
    json_map(json);
    if (event->meta != NULL) {
        json_key(json, "entries");
        json_map(json);
        for (int entry = 0; entry < ENTRY_COUNT; entry++) {
            if (render_has_entry(event, (enum render_entry)entry)) {
                index_key(json, index++);
                write_entry(json, event, (enum render_entry)entry);
            }
        }
        json_map_end(json);
        member(json, "message", part(event, "message", NULL));
        member(json, "user", part(event, "user", OLD "User"));
        member(json, "contexts", part(event, "contexts", OLD "Contexts"));
        member(json, "context", part(event, "extra", NULL));
        member(json, "packages", part(event, "modules", NULL));
        member(json, "sdk", part(event, "sdk", NULL));
        entry_tags(json, event, part(event, "tags", NULL));
    }
    json_map_end(json);
}
