/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/yaml.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <yaml.h>

struct reader {
    struct arena *arena;
    struct slice file;
    struct problems *problems;
    struct value *documents;
    uint32_t values;
    uint32_t depth;
    struct value *open[YAML_DEPTH_MAX];
    struct value *pending_key[YAML_DEPTH_MAX]; /* in a MAP: the key whose value comes next */
};

static bool refuse(struct reader *r, yaml_mark_t at, const char *what)
{
    problem_error(r->problems, r->file, (uint32_t)at.line + 1, (uint32_t)at.column + 1, "%s", what);
    return false;
}

static bool is_one_of(struct slice text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (slice_eq(text, slice_str(*words))) {
            return true;
        }
    }
    return false;
}

/* [-+]?[0-9]+ and [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)? of the core schema. */
static bool is_number(struct slice text)
{
    size_t i = text.len > 0 && (text.at[0] == '-' || text.at[0] == '+') ? 1 : 0;
    size_t digits = 0;
    bool has_dot = false;
    for (; i < text.len; i++) {
        if (text.at[i] == '.' && !has_dot) {
            has_dot = true;
        } else if (text.at[i] >= '0' && text.at[i] <= '9') {
            digits++;
        } else {
            break;
        }
    }
    if (digits == 0 || i == text.len) {
        return digits != 0;
    }
    if ((text.at[i] | 0x20) != 'e') {
        return false;
    }
    i++;
    if (i < text.len && (text.at[i] == '-' || text.at[i] == '+')) {
        i++;
    }
    size_t exponent = 0;
    for (; i < text.len && text.at[i] >= '0' && text.at[i] <= '9'; i++) {
        exponent++;
    }
    return exponent != 0 && i == text.len;
}

static enum value_kind resolve(struct slice text)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const trues[] = {"true", "True", "TRUE", NULL};
    static const char *const falses[] = {"false", "False", "FALSE", NULL};
    if (is_one_of(text, nulls)) {
        return VALUE_NULL;
    }
    if (is_one_of(text, trues)) {
        return VALUE_TRUE;
    }
    if (is_one_of(text, falses)) {
        return VALUE_FALSE;
    }
    return is_number(text) ? VALUE_NUMBER : VALUE_STRING;
}

/* Puts a finished node where it belongs: as a document, a list item, a key or a member's value. */
static bool place(struct reader *r, struct value *value, yaml_mark_t at)
{
    MUST(r->depth <= YAML_DEPTH_MAX);
    if (value == NULL || ++r->values > YAML_VALUES_MAX) {
        return refuse(r, at, "yaml: more values than allowed");
    }
    value->line = (uint32_t)at.line + 1;
    value->column = (uint32_t)at.column + 1;
    if (r->depth == 0) {
        value_append(r->documents, slice_of(NULL, 0), value);
        return true;
    }
    struct value *parent = r->open[r->depth - 1];
    if (parent->kind == VALUE_LIST) {
        value_append(parent, slice_of(NULL, 0), value);
        return true;
    }
    struct value **key = &r->pending_key[r->depth - 1];
    if (*key == NULL) {
        if (value->kind == VALUE_LIST || value->kind == VALUE_MAP) {
            return refuse(r, at, "yaml: a key must be a plain word or a quoted string");
        }
        if (value_get(parent, value->of.text) != NULL) {
            return refuse(r, at, "yaml: this key stands here twice");
        }
        *key = value;
        return true;
    }
    value_append(parent, (*key)->of.text, value);
    *key = NULL;
    return true;
}

static bool refuse_mark(struct reader *r, const yaml_event_t *event)
{
    return refuse(r, event->start_mark, "yaml: anchors and tags are not supported here");
}

static bool on_scalar(struct reader *r, const yaml_event_t *event)
{
    struct slice text = arena_copy(
        r->arena, slice_of((const char *)event->data.scalar.value, event->data.scalar.length));
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    struct value *value = value_new(r->arena, plain ? resolve(text) : VALUE_STRING);
    if (value != NULL) {
        value->of.text = text;
    }
    if (event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL) {
        return refuse_mark(r, event);
    }
    return place(r, value, event->start_mark);
}

static bool on_open(struct reader *r, const yaml_event_t *event, enum value_kind kind,
                    bool is_marked)
{
    if (is_marked) {
        return refuse_mark(r, event);
    }
    if (r->depth == YAML_DEPTH_MAX) {
        return refuse(r, event->start_mark, "yaml: nested deeper than allowed");
    }
    struct value *value = value_new(r->arena, kind);
    if (!place(r, value, event->start_mark)) {
        return false;
    }
    r->open[r->depth] = value;
    r->pending_key[r->depth] = NULL;
    r->depth++;
    return true;
}

static bool on_event(struct reader *r, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return on_scalar(r, event);
    case YAML_SEQUENCE_START_EVENT:
        return on_open(r, event, VALUE_LIST,
                       event->data.sequence_start.anchor != NULL ||
                           event->data.sequence_start.tag != NULL);
    case YAML_MAPPING_START_EVENT:
        return on_open(r, event, VALUE_MAP,
                       event->data.mapping_start.anchor != NULL ||
                           event->data.mapping_start.tag != NULL);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        MUST(r->depth > 0);
        MUST(r->pending_key[r->depth - 1] == NULL);
        r->depth--;
        return true;
    case YAML_ALIAS_EVENT:
        return refuse(r, event->start_mark, "yaml: aliases are not supported; repeat the text");
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return true;
    }
    NEVER("libyaml has no other events");
}

static bool read_all(struct reader *r, yaml_parser_t *parser)
{
    for (;;) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event)) {
            const char *what = parser->problem != NULL ? parser->problem : "cannot be read";
            problem_error(r->problems, r->file, (uint32_t)parser->problem_mark.line + 1,
                          (uint32_t)parser->problem_mark.column + 1, "yaml: %s", what);
            return false;
        }
        bool is_end = event.type == YAML_STREAM_END_EVENT;
        bool well = on_event(r, &event);
        yaml_event_delete(&event);
        if (!well || is_end) {
            return well;
        }
    }
}

bool yaml_parse(struct arena *arena, struct slice text, struct slice file,
                struct problems *problems, struct value **out)
{
    MUST(arena != NULL && problems != NULL && out != NULL);
    struct reader r = {.arena = arena, .file = file, .problems = problems};
    if (text.len > YAML_BYTES_MAX) {
        problem_error(problems, file, 0, 0, "yaml: larger than %u bytes", YAML_BYTES_MAX);
        return false;
    }
    r.documents = value_new(arena, VALUE_LIST);
    yaml_parser_t parser;
    if (r.documents == NULL || !yaml_parser_initialize(&parser)) {
        problem_error(problems, file, 0, 0, "yaml: no memory left");
        return false;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)(text.at != NULL ? text.at : ""),
                                 text.len);
    bool well = read_all(&r, &parser);
    yaml_parser_delete(&parser);
    if (well && arena->exhausted) {
        problem_error(problems, file, 0, 0, "yaml: no memory left");
        return false;
    }
    if (well) {
        MUST(r.depth == 0);
        *out = r.documents;
    }
    return well;
}
