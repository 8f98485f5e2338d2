/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/value.h"
#include "ingest/base/must.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>

struct value *value_new(struct arena *arena, enum value_kind kind)
{
    MUST(kind <= VALUE_MAP);
    struct value *value = ARENA_NEW(arena, struct value);
    if (value != NULL) {
        value->kind = kind;
    }
    return value;
}

struct value *value_new_string(struct arena *arena, struct slice text)
{
    struct value *value = value_new(arena, VALUE_STRING);
    if (value != NULL) {
        value->of.text = text;
    }
    return value;
}

static bool has_children(const struct value *value)
{
    return value != NULL && (value->kind == VALUE_LIST || value->kind == VALUE_MAP);
}

void value_append(struct value *parent, struct slice key, struct value *child)
{
    if (parent == NULL || child == NULL) { /* the arena is full, and says so */
        return;
    }
    MUST(has_children(parent));
    child->key = key;
    if (parent->of.children.last == NULL) {
        parent->of.children.first = child;
    } else {
        parent->of.children.last->next = child;
    }
    parent->of.children.last = child;
    parent->count++;
}

const struct value *value_first(const struct value *value)
{
    return has_children(value) ? value->of.children.first : NULL;
}

const struct value *value_get(const struct value *value, struct slice key)
{
    if (value == NULL || value->kind != VALUE_MAP) {
        return NULL;
    }
    for (const struct value *at = value->of.children.first; at != NULL; at = at->next) {
        if (slice_eq(at->key, key)) {
            return at;
        }
    }
    return NULL;
}

struct slice value_string(const struct value *value)
{
    return value_is(value, VALUE_STRING) ? value->of.text : slice_of(NULL, 0);
}

struct slice value_text(const struct value *value)
{
    if (value == NULL) {
        return slice_of(NULL, 0);
    }
    switch (value->kind) {
    case VALUE_STRING:
    case VALUE_NUMBER:
        return value->of.text;
    case VALUE_TRUE:
        return SLICE("true");
    case VALUE_FALSE:
        return SLICE("false");
    case VALUE_NULL:
    case VALUE_LIST:
    case VALUE_MAP:
        break;
    }
    return slice_of(NULL, 0);
}

struct slice value_text_at(const struct value *map, const char *name)
{
    return value_text(value_get(map, slice_str(name)));
}

/* Copies the number's text to where strtod may read it; 0 when it is no number's text. */
static size_t number_text(const struct value *value, char *copy, size_t room)
{
    if (value == NULL || (value->kind != VALUE_NUMBER && value->kind != VALUE_STRING)) {
        return 0;
    }
    struct slice text = value->of.text;
    if (text.len == 0 || text.len >= room || strchr("-+.0123456789", text.at[0]) == NULL) {
        return 0;
    }
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    return text.len;
}

bool value_real(const struct value *value, double *out)
{
    MUST(out != NULL);
    char copy[128];
    size_t length = number_text(value, copy, sizeof(copy));
    if (length == 0) {
        return false;
    }
    char *end = NULL;
    double number = strtod(copy, &end);
    if (end != copy + length || !isfinite(number)) {
        return false;
    }
    *out = number;
    return true;
}

/* Plain digits, few enough not to overflow: what line numbers and sizes are. */
static bool few_digits(struct slice text, int64_t *out)
{
    int64_t number = 0;
    if (text.len == 0 || text.len > 18) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') {
            return false;
        }
        number = number * 10 + (text.at[i] - '0');
    }
    *out = number;
    return true;
}

bool value_integer(const struct value *value, int64_t *out)
{
    MUST(out != NULL);
    if (value_is(value, VALUE_NUMBER) && few_digits(value->of.text, out)) {
        return true;
    }
    char copy[128];
    size_t length = number_text(value, copy, sizeof(copy));
    if (length == 0) {
        return false;
    }
    char *end = NULL;
    errno = 0;
    long long whole = strtoll(copy, &end, 10);
    if (end == copy + length && errno == 0) {
        *out = whole;
        return true;
    }
    double number = 0;
    if (!value_real(value, &number) || number != floor(number) || fabs(number) > 9e18) {
        return false;
    }
    *out = (int64_t)number;
    return true;
}

bool value_bool(const struct value *value, bool *out)
{
    MUST(out != NULL);
    if (!value_is(value, VALUE_TRUE) && !value_is(value, VALUE_FALSE)) {
        return false;
    }
    *out = value->kind == VALUE_TRUE;
    return true;
}
