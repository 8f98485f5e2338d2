/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/policy/matcher.h"
#include "alerting/policy/quote.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct reader {
    struct slice text;
    size_t at;
    struct arena *arena;
    struct matcher_error *error;
};

__attribute__((format(printf, 3, 4))) static bool refuse(struct reader *r, size_t offset,
                                                         const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(r->error->message, sizeof(r->error->message), format, args);
    va_end(args);
    r->error->offset = offset;
    return false;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static char peek(const struct reader *r)
{
    return r->at < r->text.len ? r->text.at[r->at] : '\0';
}

static void skip_spaces(struct reader *r)
{
    while (r->at < r->text.len && is_space(r->text.at[r->at])) {
        r->at++;
    }
}

/* [a-zA-Z_:][a-zA-Z0-9_:]* */
static bool read_name(struct reader *r, struct slice *out)
{
    size_t start = r->at;
    for (char c = peek(r); c != '\0'; c = peek(r)) {
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
        if (!is_letter && (r->at == start || c < '0' || c > '9')) {
            break;
        }
        r->at++;
    }
    MUST(r->at >= start);
    *out = slice_of(r->text.at + start, r->at - start);
    return out->len != 0 || refuse(r, start, "matcher: a label name belongs here, as in a=\"b\"");
}

static bool read_op(struct reader *r, enum matcher_op *out)
{
    static const struct {
        struct slice text;
        enum matcher_op op;
    } ops[] = {{SLICE_INIT("=~"), MATCHER_REGEX},
               {SLICE_INIT("!~"), MATCHER_NOT_REGEX},
               {SLICE_INIT("!="), MATCHER_NOT_EQUAL},
               {SLICE_INIT("="), MATCHER_EQUAL}};
    struct slice rest = slice_from(r->text, r->at);
    for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
        if (slice_starts(rest, ops[i].text)) {
            r->at += ops[i].text.len;
            *out = ops[i].op;
            return true;
        }
    }
    return refuse(r, r->at, "matcher: one of = != =~ !~ belongs here");
}

/* Appends one character, or what an escape stands for; a backslash before anything but n, " and \
 * is a backslash. */
static void take_character(struct reader *r, char *copy, size_t *length)
{
    MUST(r->at < r->text.len);
    char c = r->text.at[r->at++];
    char after = peek(r);
    if (c == '\\' && (after == 'n' || after == '"' || after == '\\')) {
        r->at++;
        c = after == 'n' ? '\n' : after;
    }
    copy[(*length)++] = c;
}

static bool read_quoted(struct reader *r, char *copy, struct slice *out)
{
    size_t start = r->at++;
    size_t length = 0;
    while (r->at < r->text.len && r->text.at[r->at] != '"') {
        take_character(r, copy, &length);
    }
    if (r->at == r->text.len) {
        return refuse(r, start, "matcher: this quote is never closed");
    }
    r->at++;
    *out = slice_of(copy, length);
    return true;
}

/* Up to a comma or `end`, without spaces at the end. */
static bool read_bare(struct reader *r, char *copy, size_t end, struct slice *out)
{
    size_t length = 0;
    while (r->at < end && r->text.at[r->at] != ',') {
        if (r->text.at[r->at] == '"') {
            return refuse(r, r->at, "matcher: a quote inside a value is written \\\"");
        }
        take_character(r, copy, &length);
    }
    while (length > 0 && is_space(copy[length - 1])) {
        length--;
    }
    *out = slice_of(copy, length);
    return true;
}

static bool read_value(struct reader *r, size_t end, struct slice *out)
{
    char *copy = arena_bytes(r->arena, r->text.len + 1);
    if (copy == NULL) {
        return refuse(r, r->at, "matcher: no memory left");
    }
    return peek(r) == '"' ? read_quoted(r, copy, out) : read_bare(r, copy, end, out);
}

static bool compile(struct reader *r, struct matcher *matcher, size_t offset)
{
    if (matcher->op != MATCHER_REGEX && matcher->op != MATCHER_NOT_REGEX) {
        return true;
    }
    struct slice parts[] = {SLICE("^(?:"), matcher->value, SLICE(")\\z")};
    struct slice whole = arena_concat(r->arena, parts, 3);
    MUST(whole.len != 0 || r->arena->exhausted);
    struct regex_error error = {0};
    matcher->regex = regex_new(whole, 0, &error);
    return matcher->regex != NULL ||
           refuse(r, offset, "matcher: not a regular expression: %s", error.message);
}

static bool read_matcher(struct reader *r, size_t end, struct matcher *out)
{
    struct slice name;
    skip_spaces(r);
    if (!read_name(r, &name)) {
        return false;
    }
    out->name = arena_copy(r->arena, name);
    skip_spaces(r);
    if (!read_op(r, &out->op)) {
        return false;
    }
    skip_spaces(r);
    size_t value_at = r->at;
    return read_value(r, end, &out->value) && compile(r, out, value_at);
}

static bool read_list(struct reader *r, size_t end, struct matchers *out)
{
    for (;;) {
        skip_spaces(r);
        if (r->at >= end) {
            return true;
        }
        if (out->count == MATCHERS_MAX) {
            return refuse(r, r->at, "matcher: more than %u in one route", MATCHERS_MAX);
        }
        struct matcher matcher = {0};
        if (!read_matcher(r, end, &matcher)) {
            return false;
        }
        out->items[out->count++] = matcher;
        skip_spaces(r);
        if (r->at < end && r->text.at[r->at++] != ',') {
            return refuse(r, r->at - 1, "matcher: a comma belongs between matchers");
        }
    }
}

bool matchers_parse(struct matchers *out, struct slice text, struct arena *arena,
                    struct matcher_error *error)
{
    MUST(arena != NULL && error != NULL);
    MUST(out->items != NULL && out->count <= MATCHERS_MAX);
    struct slice inner = slice_trim(text);
    size_t end = (size_t)(inner.at - text.at) + inner.len;
    struct reader r = {.text = text, .arena = arena, .error = error};
    r.at = end - inner.len;
    if (inner.len == 0) {
        return refuse(&r, 0, "matcher: empty");
    }
    if (inner.at[0] == '{') {
        r.at++;
        if (inner.len < 2 || inner.at[inner.len - 1] != '}') {
            return refuse(&r, r.at - 1, "matcher: this brace is never closed");
        }
        end--;
    }
    MUST(r.at <= end && end <= text.len);
    return read_list(&r, end, out);
}

static int compare(const void *left, const void *right)
{
    const struct matcher *a = left;
    const struct matcher *b = right;
    int order = slice_compare(a->name, b->name);
    order = order != 0 ? order : slice_compare(a->value, b->value);
    return order != 0 ? order : (int)a->op - (int)b->op;
}

void matchers_sort(struct matchers *matchers)
{
    MUST(matchers->count == 0 || matchers->items != NULL);
    if (matchers->count > 1) {
        qsort(matchers->items, matchers->count, sizeof(*matchers->items), compare);
    }
}

void matchers_done(struct matchers *matchers)
{
    for (uint32_t i = 0; i < matchers->count; i++) {
        regex_free(matchers->items[i].regex);
        matchers->items[i].regex = NULL;
    }
}

static bool holds(const struct matcher *matcher, struct slice value, struct regex_scratch *scratch)
{
    MUST(matcher->op == MATCHER_EQUAL || matcher->op == MATCHER_NOT_EQUAL ||
         (matcher->regex != NULL && scratch != NULL));
    size_t start = 0;
    size_t end = 0;
    switch (matcher->op) {
    case MATCHER_EQUAL:
        return slice_eq(value, matcher->value);
    case MATCHER_NOT_EQUAL:
        return !slice_eq(value, matcher->value);
    case MATCHER_REGEX:
        return regex_find(matcher->regex, scratch, value, 0, &start, &end) == REGEX_YES;
    case MATCHER_NOT_REGEX:
        return regex_find(matcher->regex, scratch, value, 0, &start, &end) == REGEX_NO;
    }
    NEVER("four operators");
}

bool matchers_hold(const struct matchers *matchers, const struct labels *labels,
                   struct regex_scratch *scratch)
{
    MUST(labels != NULL);
    for (uint32_t i = 0; i < matchers->count; i++) {
        const struct matcher *matcher = &matchers->items[i];
        if (!holds(matcher, labels_get(labels, matcher->name), scratch)) {
            return false;
        }
    }
    return true;
}

void matchers_print(const struct matchers *matchers, struct buffer *out)
{
    static const char *const ops[] = {"=", "!=", "=~", "!~"};
    buffer_byte(out, '{');
    for (uint32_t i = 0; i < matchers->count; i++) {
        buffer_add(out, i != 0 ? SLICE(",") : SLICE(""));
        MUST(matchers->items[i].op <= MATCHER_NOT_REGEX);
        buffer_add(out, matchers->items[i].name);
        buffer_add(out, slice_str(ops[matchers->items[i].op]));
        quote_metrics(matchers->items[i].value, out);
    }
    buffer_byte(out, '}');
}
