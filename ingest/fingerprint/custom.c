/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/fingerprint/custom.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/fingerprint/parameterise.h"

enum variable {
    VARIABLE_DEFAULT,
    VARIABLE_TRANSACTION,
    VARIABLE_TYPE,
    VARIABLE_VALUE,
    VARIABLE_MESSAGE,
    VARIABLE_FUNCTION,
    VARIABLE_MODULE,
    VARIABLE_PACKAGE,
    VARIABLE_PATH,
    VARIABLE_FILE,
    VARIABLE_LEVEL,
    VARIABLE_LOGGER,
    VARIABLE_RELEASE,
    VARIABLE_NONE
};

static const struct {
    struct slice name;
    enum variable variable;
    struct slice missing;
} variables[] = {
    {SLICE_INIT("default"), VARIABLE_DEFAULT, SLICE_INIT("")},
    {SLICE_INIT("transaction"), VARIABLE_TRANSACTION, SLICE_INIT("<no-transaction>")},
    {SLICE_INIT("type"), VARIABLE_TYPE, SLICE_INIT("<no-type>")},
    {SLICE_INIT("error.type"), VARIABLE_TYPE, SLICE_INIT("<no-type>")},
    {SLICE_INIT("value"), VARIABLE_VALUE, SLICE_INIT("<no-value>")},
    {SLICE_INIT("error.value"), VARIABLE_VALUE, SLICE_INIT("<no-value>")},
    {SLICE_INIT("message"), VARIABLE_MESSAGE, SLICE_INIT("<no-message>")},
    {SLICE_INIT("raw_message"), VARIABLE_MESSAGE, SLICE_INIT("<no-message>")},
    {SLICE_INIT("raw_value"), VARIABLE_VALUE, SLICE_INIT("<no-value>")},
    {SLICE_INIT("error.raw_value"), VARIABLE_VALUE, SLICE_INIT("<no-value>")},
    {SLICE_INIT("function"), VARIABLE_FUNCTION, SLICE_INIT("<no-function>")},
    {SLICE_INIT("stack.function"), VARIABLE_FUNCTION, SLICE_INIT("<no-function>")},
    {SLICE_INIT("module"), VARIABLE_MODULE, SLICE_INIT("<no-module>")},
    {SLICE_INIT("stack.module"), VARIABLE_MODULE, SLICE_INIT("<no-module>")},
    {SLICE_INIT("package"), VARIABLE_PACKAGE, SLICE_INIT("<no-package>")},
    {SLICE_INIT("stack.package"), VARIABLE_PACKAGE, SLICE_INIT("<no-package>")},
    {SLICE_INIT("path"), VARIABLE_PATH, SLICE_INIT("<no-abs-path>")},
    {SLICE_INIT("abs_path"), VARIABLE_PATH, SLICE_INIT("<no-abs-path>")},
    {SLICE_INIT("stack.abs_path"), VARIABLE_PATH, SLICE_INIT("<no-abs-path>")},
    {SLICE_INIT("stack.filename"), VARIABLE_FILE, SLICE_INIT("<no-filename>")},
    {SLICE_INIT("level"), VARIABLE_LEVEL, SLICE_INIT("<no-level>")},
    {SLICE_INIT("logger"), VARIABLE_LOGGER, SLICE_INIT("<no-logger>")},
    {SLICE_INIT("release"), VARIABLE_RELEASE, SLICE_INIT("<no-release>")},
};

/* "transaction" of "{{ transaction }}"; the empty slice for what is no variable. */
static struct slice name_of(struct slice part)
{
    struct slice text = slice_trim(part);
    if (text.len < 5 || !slice_starts(text, SLICE("{{")) || !slice_ends(text, SLICE("}}"))) {
        return slice_of(NULL, 0);
    }
    struct slice name = slice_trim(slice_of(text.at + 2, text.len - 4));
    MUST(name.len <= text.len - 4);
    return slice_find(name, ' ') == name.len ? name : slice_of(NULL, 0);
}

static const struct exception *shown(const struct event *event)
{
    return event->exception_count > 0 ? &event->exceptions[event->exception_count - 1] : NULL;
}

/* The newest frame of the application, else the newest; NULL when there is no stack trace. */
static const struct frame *crash_frame(const struct event *event)
{
    const struct stacktrace *stack = &event->stacktrace;
    if (shown(event) != NULL) {
        stack = &shown(event)->stacktrace;
    } else if (event->thread_count == 1) {
        stack = &event->threads[0].stacktrace;
    }
    for (uint32_t i = stack->count; i-- > 0;) {
        if (stack->frames[i].in_app == YES) {
            return &stack->frames[i];
        }
    }
    return stack->count > 0 ? &stack->frames[stack->count - 1] : NULL;
}

static struct slice message_of(const struct event *event)
{
    if (event->formatted.len != 0 || event->message.len != 0) {
        return event->formatted.len != 0 ? event->formatted : event->message;
    }
    return shown(event) != NULL ? shown(event)->value : slice_of(NULL, 0);
}

/* "libshop.so" of "/data/app/libshop.so": where it lies is the device's affair. */
static struct slice last_name(struct slice path)
{
    size_t start = path.len;
    while (start > 0 && path.at[start - 1] != '/' && path.at[start - 1] != '\\') {
        start--;
    }
    return slice_from(path, start);
}

static struct slice value_of(const struct event *event, enum variable variable)
{
    static const struct frame no_frame;
    static const struct exception no_exception;
    const struct exception *exception = shown(event) != NULL ? shown(event) : &no_exception;
    const struct frame *frame = crash_frame(event);
    frame = frame != NULL ? frame : &no_frame;
    switch (variable) {
    case VARIABLE_TRANSACTION:
        return event->transaction;
    case VARIABLE_TYPE:
        return exception->type;
    case VARIABLE_VALUE:
        return exception->value;
    case VARIABLE_MESSAGE:
        return message_of(event);
    case VARIABLE_FUNCTION:
        return frame->function;
    case VARIABLE_MODULE:
        return frame->module;
    case VARIABLE_PACKAGE:
        return last_name(frame->package);
    case VARIABLE_PATH:
        return frame->abs_path.len != 0 ? frame->abs_path : frame->filename;
    case VARIABLE_FILE:
        return frame->filename.len != 0 ? frame->filename : frame->abs_path;
    case VARIABLE_LEVEL:
        return slice_str(level_name(event->level));
    case VARIABLE_LOGGER:
        return event->logger;
    case VARIABLE_RELEASE:
        return event->release;
    case VARIABLE_DEFAULT:
    case VARIABLE_NONE:
        break;
    }
    NEVER("a variable without a value");
}

/* An event and the texts it has that were parameterised for it, so that each is only once: a
 * fingerprint of 64 times "{{ message }}" is small to send. */
struct reading {
    struct arena *arena;
    const struct event *event;
    struct slice texts[FINGERPRINT_PARTS_MAX]; /* one a part, at most */
    struct slice plain[FINGERPRINT_PARTS_MAX];
    uint32_t count;
};

/* True when `text` is what the event, or one of its exceptions, says anyway. */
static bool is_message(const struct event *event, struct slice text)
{
    bool is_said = slice_eq(text, event->message) || slice_eq(text, event->formatted);
    for (uint32_t i = 0; i < event->exception_count && !is_said; i++) {
        is_said = slice_eq(text, event->exceptions[i].value);
    }
    return is_said;
}

static struct slice tag_value(struct arena *arena, const struct event *event, struct slice key)
{
    MUST(key.len != 0);
    struct slice value = event_tag(event, key);
    struct slice parts[] = {SLICE("<no-value-for-tag-"), key, SLICE(">")};
    return value.len != 0 ? value : arena_concat(arena, parts, 3);
}

/* What stands for `text` in the fingerprint. */
static struct slice plain_of(struct reading *reading, struct slice text)
{
    if (!is_message(reading->event, text)) {
        return text;
    }
    for (uint32_t i = 0; i < reading->count; i++) {
        if (slice_eq(reading->texts[i], text)) {
            return reading->plain[i];
        }
    }
    MUST(reading->count < FINGERPRINT_PARTS_MAX);
    reading->texts[reading->count] = text;
    reading->plain[reading->count] = parameterise(reading->arena, text);
    return reading->plain[reading->count++];
}

static struct slice unknown(struct arena *arena, struct slice name)
{
    struct slice parts[] = {SLICE("<unrecognized-variable-"), name, SLICE(">")};
    return arena_concat(arena, parts, 3);
}

/* A text as it stands; a variable as what it stands for. What the event says is freed of what
 * changes, unless it is asked for as it was said: "{{ raw_value }}". */
static struct slice resolve(struct reading *reading, struct slice part)
{
    const struct event *event = reading->event;
    struct slice name = name_of(part);
    if (name.len == 0) {
        return plain_of(reading, part);
    }
    if (slice_starts(name, SLICE("tags.")) && name.len > 5) {
        return tag_value(reading->arena, event, slice_from(name, 5));
    }
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        if (!slice_eq(name, variables[i].name)) {
            continue;
        }
        if (variables[i].variable == VARIABLE_DEFAULT) {
            return slice_of(NULL, 0);
        }
        struct slice value = value_of(event, variables[i].variable);
        value = value.len != 0 ? value : variables[i].missing;
        bool is_raw = slice_search(name, SLICE("raw_")) < name.len;
        bool is_said =
            variables[i].variable == VARIABLE_MESSAGE || variables[i].variable == VARIABLE_VALUE;
        return is_said && !is_raw ? plain_of(reading, value) : value;
    }
    return unknown(reading->arena, name);
}

void custom_read(struct arena *arena, const struct event *event, struct custom *out)
{
    struct reading reading = {.arena = arena, .event = event};
    bool says_something = false;
    MUST(event->fingerprint_count <= FINGERPRINT_PARTS_MAX);
    *out = (struct custom){0};
    if (event->fingerprint_count == 0) {
        return;
    }
    struct slice *parts = ARENA_ARRAY(arena, event->fingerprint_count, struct slice);
    for (uint32_t i = 0; i < event->fingerprint_count && parts != NULL; i++) {
        bool is_default = slice_eq(name_of(event->fingerprint[i]), SLICE("default"));
        parts[i] = is_default ? slice_of(NULL, 0) : resolve(&reading, event->fingerprint[i]);
        parts[i].at = !is_default && parts[i].at == NULL ? "" : parts[i].at;
        out->has_default |= is_default;
        says_something |= parts[i].len != 0;
    }
    if (says_something) {
        out->parts = parts;
        out->count = event->fingerprint_count;
    } else {
        out->has_default = false; /* nothing beside the default: as if there were none */
    }
    MUST(out->count == 0 || out->parts != NULL);
}

struct slice custom_expand(struct arena *arena, const struct event *event, struct slice text)
{
    struct reading reading = {.arena = arena, .event = event};
    struct slice done = slice_of(text.at, 0);
    for (uint32_t i = 0; i < FINGERPRINT_PARTS_MAX && text.len != 0; i++) {
        size_t start = slice_search(text, SLICE("{{"));
        struct slice rest = slice_from(text, start);
        size_t end = slice_search(rest, SLICE("}}"));
        end = end < rest.len ? end + 2 : rest.len;
        struct slice variable = slice_head(rest, end);
        struct slice name = name_of(variable);
        bool is_one = name.len != 0 && !slice_eq(name, SLICE("default"));
        struct slice parts[] = {done, slice_head(text, start),
                                is_one ? resolve(&reading, variable) : variable};
        done = arena_concat(arena, parts, 3);
        text = slice_from(rest, end);
    }
    MUST(done.len == 0 || done.at != NULL);
    return done;
}
