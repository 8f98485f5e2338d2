/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/scrub_typed.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/normalise/steps.h"

static bool clean(struct scrub_walk *walk, struct slice *text, enum scrub_depth depth)
{
    struct scrub_rewrite rewrite;
    if (text->len == 0 || !scrub_text(walk->arena, walk->rules, *text, depth, &rewrite)) {
        return false;
    }
    *text = rewrite.text;
    return true;
}

/* A text that was cut ends as the document's does. */
static void mark_cut(struct scrub_walk *walk, struct slice *text)
{
    if (walk->trims == 0 || text->len + 3 <= MESSAGE_BYTES_MAX) {
        return;
    }
    struct slice kept = slice_cut_utf8(*text, MESSAGE_BYTES_MAX - 3);
    *text = arena_concat(walk->arena, (struct slice[]){kept, SLICE("...")}, 2);
    MUST(text->len <= MESSAGE_BYTES_MAX);
}

static void clean_tags(struct scrub_walk *walk, struct event *event)
{
    for (uint32_t i = 0; i < event->tag_count; i++) {
        struct tag *tag = &event->tags[i];
        if (scrub_is_safe(walk->rules, tag->key)) {
            continue;
        }
        if (scrub_name(walk->rules, tag->key) != SCRUB_NONE) {
            tag->value = SLICE(SCRUB_FILTERED);
        } else {
            (void)clean(walk, &tag->value, SCRUB_MESSAGE);
        }
    }
}

static void clean_user(struct scrub_walk *walk, struct user *user)
{
    const struct {
        struct slice name;
        struct slice *field;
    } fields[] = {{SLICE_INIT("id"), &user->id},
                  {SLICE_INIT("email"), &user->email},
                  {SLICE_INIT("username"), &user->username},
                  {SLICE_INIT("ip_address"), &user->ip_address}};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (scrub_is_safe(walk->rules, fields[i].name) || fields[i].field->len == 0) {
            continue;
        }
        if (scrub_name(walk->rules, fields[i].name) != SCRUB_NONE) {
            *fields[i].field = SLICE(SCRUB_FILTERED);
        } else {
            (void)clean(walk, fields[i].field, SCRUB_DATA);
        }
    }
}

/* The list is ours: texts only, as decode made it. */
static void clean_headers(struct scrub_walk *walk, struct request *request)
{
    struct value *list = request->headers != NULL ? value_new(walk->arena, VALUE_LIST) : NULL;
    if (list == NULL) {
        return;
    }
    static const struct scrub_how how = {SCRUB_DATA, NAMES_HEADERS, 3, REQUEST_BYTES_MAX,
                                         REQUEST_BYTES_MAX};
    for (const struct value *at = value_first(request->headers); at != NULL; at = at->next) {
        const struct value *name = value_first(at);
        struct value *pair = value_new(walk->arena, VALUE_LIST);
        value_append(pair, SLICE(""), value_new_string(walk->arena, value_text(name)));
        value_append(pair, SLICE(""), value_new_string(walk->arena, value_text(name->next)));
        value_append(list, SLICE(""), pair);
    }
    struct scrub_walk quiet = {.arena = walk->arena, .rules = walk->rules};
    quiet.meta.arena = walk->arena; /* the document's own notes tell of them */
    scrub_part(&quiet, NULL, list, &how);
    request->headers = list;
}

static void clean_frames(struct stacktrace *stack)
{
    for (uint32_t i = 0; i < stack->count; i++) {
        struct frame *frame = &stack->frames[i];
        frame->context_line = value_text(value_get(frame->raw, SLICE("context_line")));
    }
}

static void clean_stacks(struct event *event)
{
    clean_frames(&event->stacktrace);
    for (uint32_t i = 0; i < event->exception_count; i++) {
        clean_frames(&event->exceptions[i].stacktrace);
    }
    for (uint32_t i = 0; i < event->thread_count; i++) {
        clean_frames(&event->threads[i].stacktrace);
    }
}

/* What an event is called by; true when any of it changed. */
static bool clean_names(struct scrub_walk *walk, struct event *event)
{
    bool is_new = clean(walk, &event->message, SCRUB_MESSAGE);
    is_new |= clean(walk, &event->transaction, SCRUB_MESSAGE);
    is_new |= clean(walk, &event->logger, SCRUB_MESSAGE);
    is_new |= clean(walk, &event->server_name, SCRUB_MESSAGE);
    for (uint32_t i = 0; i < event->exception_count; i++) {
        is_new |= clean(walk, &event->exceptions[i].value, SCRUB_MESSAGE);
    }
    return is_new;
}

static void clean_texts(struct scrub_walk *walk, struct event *event)
{
    (void)clean(walk, &event->request.url, SCRUB_QUERY);
    (void)clean(walk, &event->request.query_string, SCRUB_QUERY);
    for (uint32_t i = 0; i < event->exception_count; i++) {
        mark_cut(walk, &event->exceptions[i].value);
    }
    for (uint32_t i = 0; i < event->thread_count; i++) {
        (void)clean(walk, &event->threads[i].name, SCRUB_MESSAGE);
    }
    mark_cut(walk, &event->message);
    mark_cut(walk, &event->formatted);
}

/* `text` with `with` where `what` stood. */
static struct slice replaced(struct arena *arena, struct slice text, struct slice what,
                             struct slice with)
{
    struct slice done = slice_of(NULL, 0);
    size_t at = slice_search(text, what);
    while (at < text.len) {
        const struct slice parts[] = {done, slice_head(text, at), with};
        done = arena_concat(arena, parts, 3);
        text = slice_from(text, at + what.len);
        at = slice_search(text, what);
    }
    return arena_concat(arena, (struct slice[]){done, text}, 2);
}

/* What goes of a parameter goes of the message it was put into, where its neighbours may hide it.
 */
static bool clean_parameter(struct scrub_walk *walk, const struct value *value, struct event *event)
{
    struct scrub_rewrite rewrite = {.text = SLICE(SCRUB_FILTERED)};
    struct slice text = value_text(value);
    if (text.len < SCRUB_PARAMETER_BYTES_MIN || slice_eq(text, SLICE(SCRUB_FILTERED)) ||
        slice_search(event->formatted, text) == event->formatted.len ||
        scrub_is_safe(walk->rules, value->key)) {
        return false;
    }
    if (scrub_name(walk->rules, value->key) == SCRUB_NONE &&
        !scrub_text(walk->arena, walk->rules, text, SCRUB_MESSAGE, &rewrite)) {
        return false;
    }
    event->formatted = replaced(walk->arena, event->formatted, text, rewrite.text);
    event->formatted = slice_cut_utf8(event->formatted, MESSAGE_BYTES_MAX);
    return true;
}

bool scrub_formatted(struct scrub_walk *walk, struct event *event)
{
    bool is_new = false;
    if (event->params != NULL && event->params->count > SCRUB_PARAMETERS_MAX) {
        event->formatted = event->message;
        (void)clean(walk, &event->formatted, SCRUB_MESSAGE);
        return true;
    }
    for (const struct value *at = value_first(event->params); at != NULL; at = at->next) {
        is_new |= clean_parameter(walk, at, event);
    }
    return clean(walk, &event->formatted, SCRUB_MESSAGE) || is_new;
}

/* Parameters put into a template can make a secret that neither was. The document then shows the
 * message as it now is, so that scrubbing it again finds nothing. */
static void keep_formatted(struct scrub_walk *walk, struct value *root, const struct event *event)
{
    struct value *entry = scrub_member(root, SLICE("logentry"));
    if (entry == NULL || entry->kind != VALUE_MAP) {
        return;
    }
    struct value *sent = scrub_member(entry, SLICE("formatted"));
    if (sent == NULL) {
        value_append(entry, SLICE("formatted"), value_new_string(walk->arena, event->formatted));
    } else if (sent->kind != VALUE_STRING || sent->of.text.len == 0) {
        sent->kind = VALUE_STRING;
        sent->count = 0;
        sent->of.text = event->formatted;
    }
}

/* Made anew of what is left, unless a fingerprint rule gave it. */
static void clean_title(struct scrub_walk *walk, struct event *event)
{
    if (event->is_title_given) {
        (void)clean(walk, &event->title, SCRUB_MESSAGE);
        event->title = slice_cut_utf8(event->title, TITLE_BYTES_MAX);
    } else {
        step_title(walk->arena, NULL, event);
    }
    MUST(event->title.len > 0 && event->title.len <= TITLE_BYTES_MAX);
}

void scrub_typed(struct scrub_walk *walk, struct value *root, struct event *event)
{
    if (walk->is_formatted_new) {
        walk->changes++;
        keep_formatted(walk, root, event);
    }
    if (walk->rules->remove_addresses) {
        event->user.ip_address = slice_of(NULL, 0);
    }
    if (walk->changes == 0) {
        return;
    }
    (void)clean_names(walk, event);
    clean_texts(walk, event);
    clean_tags(walk, event);
    clean_user(walk, &event->user);
    clean_headers(walk, &event->request);
    if (walk->source_changes != 0) {
        clean_stacks(event);
    }
    clean_title(walk, event);
}

void scrub_kept(struct arena *arena, const struct scrub_rules *rules, struct event *event)
{
    struct scrub_walk walk = {.arena = arena, .rules = rules};
    MUST(rules != NULL && event->title.len > 0);
    if (rules->remove_addresses) {
        event->user.ip_address = slice_of(NULL, 0);
    }
    clean_user(&walk, &event->user);
    bool is_new = scrub_formatted(&walk, event);
    if (clean_names(&walk, event) || is_new) {
        clean_title(&walk, event);
    }
}
