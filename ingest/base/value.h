/* SPDX-License-Identifier: Apache-2.0 */
/* value — a JSON or YAML document as a tree.
 *
 *   {"a":[1,"x"]}    MAP ─first─▶ LIST key "a" ─first─▶ NUMBER "1" ─next─▶ STRING "x"
 *
 * Children are a linked list in document order: building it needs no count in advance and no
 * copy, and the maps we meet have under 30 members, where a scan beats a hash. Numbers keep their
 * text and are converted when asked, since most never are. Strings are UTF-8 and may contain NUL.
 *
 * Strings point into the parsed text where it held no escape, else into the arena: a tree borrows
 * both and is valid as long as they are. Immutable once built, but for the builders below.
 */
#pragma once
#include "ingest/base/arena.h"
#include "ingest/base/fault.h"

enum value_kind {
    VALUE_NULL,
    VALUE_FALSE,
    VALUE_TRUE,
    VALUE_NUMBER,
    VALUE_STRING,
    VALUE_LIST,
    VALUE_MAP
};

struct value {
    enum value_kind kind;
    uint32_t count;   /* children of a LIST or MAP */
    uint32_t line;    /* YAML only, from 1; 0 in JSON */
    uint32_t column;  /* YAML only, from 1; 0 in JSON */
    struct slice key; /* in a MAP: this member's name */
    union {
        struct slice text; /* STRING: the characters; NUMBER: its source text (YAML: also the
                              source text of NULL, FALSE and TRUE) */
        struct {
            struct value *first;
            struct value *last;
        } children;
    } of;
    struct value *next; /* the next sibling, NULL at the end */
};

/* Fills `*out` with the tree of one JSON document (RFC 8259), all of it. Faults: MALFORMED with the
 * byte offset; TOO_BIG past JSON_DEPTH_MAX, JSON_VALUES_MAX or the arena. Lone surrogates become
 * '?' (yajl's reading); bytes that are not UTF-8 are MALFORMED. Pure. */
MUST_USE struct fault value_parse_json(struct arena *arena, struct slice json, struct value **out);

/* As value_parse_json for a document at the front of `text`; what follows it is not looked at.
 * Fills `*used`, also on a fault: bytes read of `text`. A document that `text` cuts short is
 * MALFORMED with `*used == text.len`. */
MUST_USE struct fault value_parse_json_front(struct arena *arena, struct slice text,
                                             struct value **out, size_t *used);

/* Member `key` of a map (the first, should it be repeated); NULL when absent, or when `value` is
 * NULL or no map: look-ups chain. */
const struct value *value_get(const struct value *value, struct slice key);

/* The text of a STRING, else the empty slice; NULL-safe. */
struct slice value_string(const struct value *value);

/* The text of a STRING or NUMBER, "true", "false"; empty for NULL, LIST, MAP and absent. What the
 * field's servers do with a number where a string belongs. */
struct slice value_text(const struct value *value);

/* The same of a member of a map. */
struct slice value_text_at(const struct value *map, const char *name);

/* The first child of a list or map, NULL otherwise; NULL-safe. Loop with `->next`. */
const struct value *value_first(const struct value *value);

static inline bool value_is(const struct value *value, enum value_kind kind)
{
    return value != NULL && value->kind == kind;
}

/* Convert a NUMBER, or a STRING that is wholly one; false and untouched otherwise (also out of
 * range, and for integers a fraction other than zero). */
bool value_integer(const struct value *value, int64_t *out);
bool value_real(const struct value *value, double *out);

/* TRUE or FALSE to `out`; false and untouched for other kinds. */
bool value_bool(const struct value *value, bool *out);

/* Builders: a zeroed node of `kind` in the arena (NULL when full); append to a LIST or MAP. */
struct value *value_new(struct arena *arena, enum value_kind kind);
struct value *value_new_string(struct arena *arena, struct slice text);
void value_append(struct value *parent, struct slice key, struct value *child);
