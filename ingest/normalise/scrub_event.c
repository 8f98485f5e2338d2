/* SPDX-License-Identifier: Apache-2.0 */
/* Which rules hold in which part of an event: the tables, and the walk over them. */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/normalise/scrub.h"
#include "ingest/normalise/scrub_tree.h"
#include "ingest/normalise/scrub_typed.h"

#define OLD "sentry.interfaces."

#define ROWS(array, rest)                                                                          \
    {                                                                                              \
        .list = (array), .count = sizeof(array) / sizeof((array)[0]), .others = (rest)             \
    }

/* ---- how ---- */

static const struct scrub_how message = {SCRUB_MESSAGE, NAMES_FIELDS, DATA_LEVELS_MAX,
                                         MESSAGE_BYTES_MAX, EXTRA_BYTES_MAX};
static const struct scrub_how named = {SCRUB_MESSAGE, NAMES_FIELDS, EXTRA_LEVELS_MAX,
                                       MESSAGE_BYTES_MAX, CONTEXT_BYTES_MAX};
static const struct scrub_how source = {SCRUB_SOURCE, NAMES_IGNORED, 1, MESSAGE_BYTES_MAX,
                                        EXTRA_BYTES_MAX};
static const struct scrub_how extra = {SCRUB_DATA, NAMES_FIELDS, EXTRA_LEVELS_MAX,
                                       EXTRA_ITEM_BYTES_MAX, EXTRA_BYTES_MAX};
static const struct scrub_how context = {SCRUB_DATA, NAMES_FIELDS, EXTRA_LEVELS_MAX,
                                         CONTEXT_BYTES_MAX, CONTEXT_BYTES_MAX};
static const struct scrub_how variables = {SCRUB_DATA, NAMES_FIELDS, DATA_LEVELS_MAX,
                                           DATA_BYTES_MAX, DATA_BYTES_MAX};
static const struct scrub_how body = {SCRUB_DATA, NAMES_FIELDS, EXTRA_LEVELS_MAX, REQUEST_BYTES_MAX,
                                      REQUEST_BYTES_MAX};
static const struct scrub_how url = {SCRUB_QUERY, NAMES_FIELDS, 2, MESSAGE_BYTES_MAX,
                                     REQUEST_BYTES_MAX};
static const struct scrub_how cookies = {SCRUB_COOKIES, NAMES_COOKIES, 3, REQUEST_BYTES_MAX,
                                         REQUEST_BYTES_MAX};
static const struct scrub_how headers = {SCRUB_DATA, NAMES_HEADERS, 3, REQUEST_BYTES_MAX,
                                         REQUEST_BYTES_MAX};
static const struct scrub_how tags = {SCRUB_MESSAGE, NAMES_FIELDS, 2, TAG_VALUE_BYTES_MAX,
                                      EXTRA_BYTES_MAX};

/* ---- stack traces ---- */

static const struct scrub_row frame_rows[] = {
    {SLICE_INIT("vars"), &variables, NULL},     {SLICE_INIT("context_line"), &source, NULL},
    {SLICE_INIT("pre_context"), &source, NULL}, {SLICE_INIT("post_context"), &source, NULL},
    {SLICE_INIT("data"), &variables, NULL},
};
static const struct scrub_rows frame = ROWS(frame_rows, NULL);

static void visit_frames(struct scrub_walk *walk, const struct meta_place *place,
                         struct value *frames)
{
    scrub_trim_list(walk, place, frames, FRAMES_OLDEST_KEPT, FRAMES_MAX - FRAMES_OLDEST_KEPT);
    scrub_entries(walk, place, frames, &frame);
}

static void visit_stack(struct scrub_walk *walk, const struct meta_place *place,
                        struct value *stack)
{
    static const struct scrub_row rows[] = {{SLICE_INIT("frames"), NULL, visit_frames}};
    static const struct scrub_rows members = ROWS(rows, NULL);
    if (stack->kind == VALUE_LIST) {
        visit_frames(walk, place, stack);
    } else {
        scrub_members(walk, place, stack, &members);
    }
}

static void visit_mechanism(struct scrub_walk *walk, const struct meta_place *place,
                            struct value *value)
{
    static const struct scrub_row rows[] = {{SLICE_INIT("data"), &variables, NULL},
                                            {SLICE_INIT("description"), &message, NULL}};
    static const struct scrub_rows members = ROWS(rows, NULL);
    scrub_members(walk, place, value, &members);
}

static void visit_exceptions(struct scrub_walk *walk, const struct meta_place *place,
                             struct value *value)
{
    static const struct scrub_row rows[] = {{SLICE_INIT("value"), &message, NULL},
                                            {SLICE_INIT("mechanism"), NULL, visit_mechanism},
                                            {SLICE_INIT("stacktrace"), NULL, visit_stack},
                                            {SLICE_INIT("raw_stacktrace"), NULL, visit_stack}};
    static const struct scrub_rows members = ROWS(rows, NULL);
    scrub_entries(walk, place, value, &members);
}

static void visit_threads(struct scrub_walk *walk, const struct meta_place *place,
                          struct value *value)
{
    static const struct scrub_row rows[] = {{SLICE_INIT("name"), &message, NULL},
                                            {SLICE_INIT("stacktrace"), NULL, visit_stack},
                                            {SLICE_INIT("raw_stacktrace"), NULL, visit_stack}};
    static const struct scrub_rows members = ROWS(rows, NULL);
    scrub_entries(walk, place, value, &members);
}

/* ---- the other parts ---- */

static void visit_breadcrumbs(struct scrub_walk *walk, const struct meta_place *place,
                              struct value *value)
{
    static const struct scrub_row rows[] = {
        {SLICE_INIT("message"), &message, NULL},   {SLICE_INIT("data"), &variables, NULL},
        {SLICE_INIT("timestamp"), &message, NULL}, {SLICE_INIT("type"), &message, NULL},
        {SLICE_INIT("category"), &message, NULL},  {SLICE_INIT("level"), &message, NULL},
        {SLICE_INIT("event_id"), &message, NULL},
    };
    static const struct scrub_rows members = ROWS(rows, &variables);
    struct value *values = scrub_member(value, SLICE("values"));
    const struct meta_place inner = {.up = place, .key = SLICE("values")};
    bool is_inner = values != NULL && values->kind == VALUE_LIST;
    scrub_trim_list(walk, is_inner ? &inner : place, is_inner ? values : value, 0, BREADCRUMBS_MAX);
    scrub_entries(walk, place, value, &members);
}

static void visit_request(struct scrub_walk *walk, const struct meta_place *place,
                          struct value *value)
{
    static const struct scrub_row rows[] = {
        {SLICE_INIT("url"), &url, NULL},         {SLICE_INIT("query_string"), &url, NULL},
        {SLICE_INIT("fragment"), &url, NULL},    {SLICE_INIT("method"), &message, NULL},
        {SLICE_INIT("cookies"), &cookies, NULL}, {SLICE_INIT("headers"), &headers, NULL},
        {SLICE_INIT("data"), &body, NULL},       {SLICE_INIT("env"), &body, NULL},
    };
    static const struct scrub_rows members = ROWS(rows, &body);
    scrub_members(walk, place, value, &members);
}

static void visit_contexts(struct scrub_walk *walk, const struct meta_place *place,
                           struct value *value)
{
    static const struct scrub_row rows[] = {
        {SLICE_INIT("os"), &named, NULL},      {SLICE_INIT("device"), &named, NULL},
        {SLICE_INIT("app"), &named, NULL},     {SLICE_INIT("browser"), &named, NULL},
        {SLICE_INIT("runtime"), &named, NULL}, {SLICE_INIT("gpu"), &named, NULL},
        {SLICE_INIT("trace"), &named, NULL},   {SLICE_INIT("culture"), &named, NULL},
    };
    static const struct scrub_rows members = ROWS(rows, &context);
    scrub_members(walk, place, value, &members);
}

/* The address itself is nothing but that: null, not "[ip]". */
static void remove_member(struct scrub_walk *walk, const struct meta_place *up, struct value *map,
                          struct slice name)
{
    struct value *member = scrub_member(map, name);
    if (walk->rules->remove_addresses && member != NULL && member->kind != VALUE_NULL &&
        !scrub_is_safe(walk->rules, name)) {
        const struct meta_place place = {.up = up, .key = name};
        scrub_remove(walk, &place, member, "@anything:remove");
    }
}

static void visit_user(struct scrub_walk *walk, const struct meta_place *place, struct value *value)
{
    static const struct scrub_row rows[] = {{SLICE_INIT("geo"), &named, NULL}};
    static const struct scrub_rows members = ROWS(rows, &body);
    remove_member(walk, place, value, SLICE("ip_address"));
    scrub_members(walk, place, value, &members);
}

static void visit_sdk(struct scrub_walk *walk, const struct meta_place *place, struct value *value)
{
    remove_member(walk, place, value, SLICE("client_ip"));
}

static void visit_spans(struct scrub_walk *walk, const struct meta_place *place,
                        struct value *value)
{
    static const struct scrub_row rows[] = {{SLICE_INIT("data"), &variables, NULL},
                                            {SLICE_INIT("description"), &message, NULL},
                                            {SLICE_INIT("tags"), &tags, NULL}};
    static const struct scrub_rows members = ROWS(rows, NULL);
    scrub_entries(walk, place, value, &members);
}

/* What is not named here is nobody's known field, and treated as `extra` is. */
static const struct scrub_row event_rows[] = {
    {SLICE_INIT("event_id"), NULL, NULL},
    {SLICE_INIT("timestamp"), NULL, NULL},
    {SLICE_INIT("start_timestamp"), NULL, NULL},
    {SLICE_INIT("received"), NULL, NULL},
    {SLICE_INIT("platform"), NULL, NULL},
    {SLICE_INIT("level"), NULL, NULL},
    {SLICE_INIT("type"), NULL, NULL},
    {SLICE_INIT("release"), NULL, NULL},
    {SLICE_INIT("dist"), NULL, NULL},
    {SLICE_INIT("environment"), NULL, NULL},
    {SLICE_INIT("checksum"), NULL, NULL},
    {SLICE_INIT("fingerprint"), &message, NULL},
    {SLICE_INIT("modules"), NULL, NULL},
    {SLICE_INIT("debug_meta"), NULL, NULL},
    {SLICE_INIT("_meta"), NULL, NULL},
    {SLICE_INIT("_tocsin"), NULL, NULL},
    {SLICE_INIT("measurements"), NULL, NULL},
    {SLICE_INIT("sdk"), NULL, visit_sdk},
    {SLICE_INIT("message"), &message, NULL},
    {SLICE_INIT("logentry"), &message, NULL},
    {SLICE_INIT("logger"), &message, NULL},
    {SLICE_INIT("transaction"), &message, NULL},
    {SLICE_INIT("culprit"), &message, NULL},
    {SLICE_INIT("server_name"), &message, NULL},
    {SLICE_INIT("transaction_info"), &named, NULL},
    {SLICE_INIT("csp"), &named, NULL},
    {SLICE_INIT("hpkp"), &named, NULL},
    {SLICE_INIT("expectct"), &named, NULL},
    {SLICE_INIT("expectstaple"), &named, NULL},
    {SLICE_INIT("template"), &source, NULL},
    {SLICE_INIT("tags"), &tags, NULL},
    {SLICE_INIT("extra"), &extra, NULL},
    {SLICE_INIT("user"), NULL, visit_user},
    {SLICE_INIT("request"), NULL, visit_request},
    {SLICE_INIT("contexts"), NULL, visit_contexts},
    {SLICE_INIT("breadcrumbs"), NULL, visit_breadcrumbs},
    {SLICE_INIT("exception"), NULL, visit_exceptions},
    {SLICE_INIT("threads"), NULL, visit_threads},
    {SLICE_INIT("stacktrace"), NULL, visit_stack},
    {SLICE_INIT("spans"), NULL, visit_spans},
    {SLICE_INIT(OLD "Message"), &message, NULL},
    {SLICE_INIT(OLD "User"), NULL, visit_user},
    {SLICE_INIT(OLD "Http"), NULL, visit_request},
    {SLICE_INIT(OLD "Contexts"), NULL, visit_contexts},
    {SLICE_INIT(OLD "Breadcrumbs"), NULL, visit_breadcrumbs},
    {SLICE_INIT(OLD "Exception"), NULL, visit_exceptions},
    {SLICE_INIT(OLD "Stacktrace"), NULL, visit_stack},
};
static const struct scrub_rows event_members = ROWS(event_rows, &extra);

/* The notes become the document's `_meta`. */
static void keep_notes(struct scrub_walk *walk, struct value *root)
{
    struct value *sent = scrub_member(root, SLICE("_meta"));
    struct value *notes = walk->meta.root;
    if (sent != NULL) {
        struct slice key = sent->key;
        struct value *next = sent->next;
        *sent = notes != NULL ? *notes : (struct value){.kind = VALUE_NULL};
        sent->key = key;
        sent->next = next;
    } else if (notes != NULL) {
        value_append(root, SLICE("_meta"), notes);
    }
}

void scrub_event(struct arena *arena, const struct scrub_rules *rules, struct value *root,
                 struct event *event)
{
    struct scrub_walk walk = {.arena = arena, .rules = rules};
    MUST(rules != NULL && event->root == root && root->kind == VALUE_MAP);
    walk.is_formatted_new = scrub_formatted(&walk, event);
    meta_begin(&walk.meta, arena, value_get(root, SLICE("_meta")));
    scrub_members(&walk, NULL, root, &event_members);
    scrub_typed(&walk, root, event);
    keep_notes(&walk, root);
    event->meta = walk.meta.root;
}
