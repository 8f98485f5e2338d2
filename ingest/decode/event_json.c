/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/event_json.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "ingest/decode/members.h"
#include "ingest/decode/request_json.h"
#include "ingest/decode/stack_json.h"

#define OLD "sentry.interfaces." /* how clients of 2013 named them */

#define EVENT_MEMBERS(X)                                                                           \
    X(MEMBER_EVENT_ID, "event_id")                                                                 \
    X(MEMBER_TIMESTAMP, "timestamp")                                                               \
    X(MEMBER_PLATFORM, "platform")                                                                 \
    X(MEMBER_LEVEL, "level")                                                                       \
    X(MEMBER_EXCEPTION, "exception")                                                               \
    X(MEMBER_MESSAGE, "message")                                                                   \
    X(MEMBER_LOGENTRY, "logentry")                                                                 \
    X(MEMBER_LOGGER, "logger")                                                                     \
    X(MEMBER_TRANSACTION, "transaction")                                                           \
    X(MEMBER_CULPRIT, "culprit") /* the transaction's first name */                                \
    X(MEMBER_SERVER_NAME, "server_name")                                                           \
    X(MEMBER_RELEASE, "release")                                                                   \
    X(MEMBER_DIST, "dist")                                                                         \
    X(MEMBER_ENVIRONMENT, "environment")                                                           \
    X(MEMBER_TYPE, "type")                                                                         \
    X(MEMBER_TAGS, "tags")                                                                         \
    X(MEMBER_EXTRA, "extra")                                                                       \
    X(MEMBER_USER, "user")                                                                         \
    X(MEMBER_REQUEST, "request")                                                                   \
    X(MEMBER_CONTEXTS, "contexts")                                                                 \
    X(MEMBER_BREADCRUMBS, "breadcrumbs")                                                           \
    X(MEMBER_MODULES, "modules")                                                                   \
    X(MEMBER_FINGERPRINT, "fingerprint")                                                           \
    X(MEMBER_CHECKSUM, "checksum")                                                                 \
    X(MEMBER_SDK, "sdk")                                                                           \
    X(MEMBER_THREADS, "threads")                                                                   \
    X(MEMBER_STACKTRACE, "stacktrace")                                                             \
    X(MEMBER_DEBUG_META, "debug_meta")                                                             \
    X(MEMBER_OLD_EXCEPTION, OLD "Exception")                                                       \
    X(MEMBER_OLD_MESSAGE, OLD "Message")                                                           \
    X(MEMBER_OLD_STACKTRACE, OLD "Stacktrace")                                                     \
    X(MEMBER_OLD_HTTP, OLD "Http")                                                                 \
    X(MEMBER_OLD_USER, OLD "User")                                                                 \
    X(MEMBER_OLD_BREADCRUMBS, OLD "Breadcrumbs")                                                   \
    X(MEMBER_OLD_CONTEXTS, OLD "Contexts")

enum {
#define MEMBER_ENUM(constant, name) constant,
    EVENT_MEMBERS(MEMBER_ENUM)
#undef MEMBER_ENUM
        MEMBER_COUNT
};

static const struct slice member_names[MEMBER_COUNT] = {
#define MEMBER_NAME(constant, name) SLICE_INIT(name),
    EVENT_MEMBERS(MEMBER_NAME)
#undef MEMBER_NAME
};

static const struct value *either(const struct value *value, const struct value *old)
{
    return value != NULL ? value : old;
}

static int64_t read_timestamp(const struct value *value)
{
    int64_t us = 0;
    struct slice text = value_text(value);
    if (!value_is(value, VALUE_STRING) || !time_parse(text, &us)) {
        (void)time_parse_seconds(text, &us);
    }
    return us;
}

/* A name; or Python's logging numbers (10, 20, … 50), which raven sends. */
static bool read_level(const struct value *value, enum level *out)
{
    int64_t number = 0;
    if (value_is(value, VALUE_STRING) && level_parse(value->of.text, out)) {
        return true;
    }
    if (!value_integer(value, &number) || number < 0) {
        return false;
    }
    int64_t step = number / 10 > 0 ? number / 10 - 1 : 0;
    *out = step < LEVEL_COUNT ? (enum level)step : LEVEL_FATAL;
    return true;
}

/* The message with its template and parameters, or a text alone. */
static void read_message(struct arena *arena, const struct value *logentry,
                         const struct value *message, struct event *out)
{
    const struct value *entry = either(logentry, message);
    if (!value_is(entry, VALUE_MAP)) {
        out->message = members_text(arena, entry);
        return;
    }
    out->message = members_text(arena, value_get(entry, SLICE("message")));
    out->formatted = members_text(arena, value_get(entry, SLICE("formatted")));
    const struct value *params = value_get(entry, SLICE("params"));
    out->params = value_is(params, VALUE_LIST) ? params : members_map(params);
    if (out->formatted.len == 0 && entry == logentry && value_is(message, VALUE_STRING)) {
        out->formatted = message->of.text; /* raven-go sends the text beside its template */
    }
}

/* A fingerprint's part as Sentry reads it: numbers without fraction, booleans as Python's. */
static struct slice read_part(const struct value *value)
{
    bool truth = false;
    struct slice text = value_text(value);
    if (value_bool(value, &truth)) {
        return truth ? SLICE("True") : SLICE("False");
    }
    if (value_is(value, VALUE_NUMBER) && slice_find(text, 'e') == text.len &&
        slice_find(text, 'E') == text.len) {
        return slice_head(text, slice_find(text, '.'));
    }
    return text;
}

static void read_fingerprint(struct arena *arena, const struct value *value, struct event *out)
{
    bool is_list = value_is(value, VALUE_LIST);
    uint32_t count = is_list ? value->count : value_text(value).len != 0;
    if (count > FINGERPRINT_PARTS_MAX) {
        count = FINGERPRINT_PARTS_MAX;
    }
    if (count == 0) {
        return;
    }
    out->fingerprint = ARENA_ARRAY(arena, count, struct slice);
    const struct value *at = is_list ? value_first(value) : value;
    for (; at != NULL && out->fingerprint != NULL && out->fingerprint_count < count;
         at = is_list ? at->next : NULL) {
        bool is_scalar = at->kind != VALUE_NULL && at->kind != VALUE_LIST && at->kind != VALUE_MAP;
        if (is_scalar) {
            out->fingerprint[out->fingerprint_count++] = read_part(at);
        }
    }
}

/* The tag that `entry` of `tags` is: a member, [key, value], or {"key":…,"value":…}. */
static struct tag read_tag(const struct value *tags, const struct value *entry)
{
    const struct value *key = NULL;
    const struct value *value = entry;
    if (tags->kind == VALUE_MAP) {
        return (struct tag){entry->key, value_text(entry)};
    }
    if (value_is(entry, VALUE_LIST)) {
        key = value_first(entry);
        value = key != NULL ? key->next : NULL;
    } else {
        key = value_get(entry, SLICE("key"));
        value = value_get(entry, SLICE("value"));
    }
    return (struct tag){value_text(key), value_text(value)};
}

/* Tags without a name, or whose value is null or no scalar, say nothing. */
static void read_tags(struct arena *arena, const struct value *tags, struct event *out)
{
    if (!value_is(tags, VALUE_MAP) && !value_is(tags, VALUE_LIST)) {
        return;
    }
    uint32_t room = tags->count < TAGS_MAX ? tags->count : TAGS_MAX;
    out->tags = room != 0 ? ARENA_ARRAY(arena, room, struct tag) : NULL;
    for (const struct value *at = value_first(tags);
         at != NULL && out->tags != NULL && out->tag_count < room; at = at->next) {
        struct tag tag = read_tag(tags, at);
        if (tag.key.len != 0 && tag.value.at != NULL) {
            out->tags[out->tag_count++] = tag;
        }
    }
}

/* As a LIST: itself, its `values`, or a list made for one bare object. */
static const struct value *read_list(struct arena *arena, const struct value *value)
{
    if (value == NULL || value->kind == VALUE_LIST) {
        return value;
    }
    const struct value *values = value_get(value, SLICE("values"));
    if (values != NULL || value->kind != VALUE_MAP) {
        return value_is(values, VALUE_LIST) ? values : NULL;
    }
    struct value *list = value_new(arena, VALUE_LIST);
    struct value *only = value_new(arena, VALUE_MAP);
    if (list == NULL || only == NULL) {
        return NULL;
    }
    *only = *value;
    only->next = NULL;
    value_append(list, slice_of(NULL, 0), only);
    return list;
}

static enum event_type read_type(const struct value *value, const struct event *event)
{
    static const enum event_type types[] = {EVENT_ERROR, EVENT_CSP, EVENT_NEL, EVENT_TRANSACTION};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (slice_eq(value_string(value), slice_str(event_type_name(types[i])))) {
            return types[i];
        }
    }
    return event->exception_count != 0 ? EVENT_ERROR : EVENT_DEFAULT;
}

static void read_scalars(const struct value **found, struct event *out)
{
    (void)id_parse(value_string(found[MEMBER_EVENT_ID]), &out->id);
    out->timestamp_us = read_timestamp(found[MEMBER_TIMESTAMP]);
    out->has_level = read_level(found[MEMBER_LEVEL], &out->level);
    out->platform = value_text(found[MEMBER_PLATFORM]);
    out->logger = value_text(found[MEMBER_LOGGER]);
    out->transaction = value_text(either(found[MEMBER_TRANSACTION], found[MEMBER_CULPRIT]));
    out->server_name = value_text(found[MEMBER_SERVER_NAME]);
    out->release = value_text(found[MEMBER_RELEASE]);
    out->dist = value_text(found[MEMBER_DIST]);
    out->environment = value_text(found[MEMBER_ENVIRONMENT]);
    out->checksum = value_text(found[MEMBER_CHECKSUM]);
    out->sdk_name = value_text(value_get(found[MEMBER_SDK], SLICE("name")));
    out->sdk_version = value_text(value_get(found[MEMBER_SDK], SLICE("version")));
}

static void read_parts(struct arena *arena, const struct value **found, struct event *out)
{
    stack_decode_exceptions(arena, either(found[MEMBER_EXCEPTION], found[MEMBER_OLD_EXCEPTION]),
                            out);
    stack_decode_threads(arena, found[MEMBER_THREADS], out);
    stack_decode(arena, either(found[MEMBER_STACKTRACE], found[MEMBER_OLD_STACKTRACE]),
                 &out->stacktrace);
    read_message(arena, either(found[MEMBER_LOGENTRY], found[MEMBER_OLD_MESSAGE]),
                 found[MEMBER_MESSAGE], out);
    read_fingerprint(arena, found[MEMBER_FINGERPRINT], out);
    read_tags(arena, found[MEMBER_TAGS], out);
    request_decode_user(either(found[MEMBER_USER], found[MEMBER_OLD_USER]), &out->user);
    request_decode(arena, either(found[MEMBER_REQUEST], found[MEMBER_OLD_HTTP]), &out->request);
    out->breadcrumbs =
        read_list(arena, either(found[MEMBER_BREADCRUMBS], found[MEMBER_OLD_BREADCRUMBS]));
    out->contexts = members_map(either(found[MEMBER_CONTEXTS], found[MEMBER_OLD_CONTEXTS]));
    out->extra = members_map(found[MEMBER_EXTRA]);
    out->modules = members_map(found[MEMBER_MODULES]);
    out->debug_meta = members_map(found[MEMBER_DEBUG_META]);
    out->type = read_type(found[MEMBER_TYPE], out);
}

struct fault event_decode(struct arena *arena, const struct value *root, struct event *out)
{
    MUST(arena != NULL && out != NULL);
    const struct value *found[MEMBER_COUNT];
    if (!value_is(root, VALUE_MAP)) {
        return fault_make(FAULT_MALFORMED, "event: not a JSON object");
    }
    members_pick(root, member_names, MEMBER_COUNT, found);
    *out = (struct event){.root = root};
    read_scalars(found, out);
    read_parts(arena, found, out);
    if (arena->exhausted) {
        return fault_make(FAULT_TOO_BIG, "event: no memory left");
    }
    MUST(out->exception_count <= EXCEPTIONS_MAX && out->tag_count <= TAGS_MAX);
    MUST(out->thread_count <= THREADS_MAX && out->fingerprint_count <= FINGERPRINT_PARTS_MAX);
    return FAULT_OK;
}
