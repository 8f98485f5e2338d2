/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/condition.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"

struct parser {
    struct arena *arena;
    struct slice text;
    const struct slice *names;
    uint32_t name_count;
    size_t at;          /* end of `token` */
    struct slice token; /* the current word or sign; empty at the end */
    uint32_t depth;
    struct condition_error *error;
    bool has_failed;
};

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.' || c == '*';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void advance(struct parser *p)
{
    while (p->at < p->text.len && is_space(p->text.at[p->at])) {
        p->at++;
    }
    size_t start = p->at;
    while (p->at < p->text.len && is_word_byte(p->text.at[p->at])) {
        p->at++;
    }
    if (p->at == start && p->at < p->text.len) {
        p->at++;
    }
    p->token = slice_of(p->text.at + start, p->at - start);
}

static struct condition *fail(struct parser *p, const char *reason)
{
    if (!p->has_failed) {
        p->has_failed = true;
        *p->error = (struct condition_error){
            .offset = p->at - p->token.len, .reason = reason, .word = p->token};
    }
    return NULL;
}

static struct condition *make(struct parser *p, enum condition_kind kind)
{
    struct condition *node = ARENA_NEW(p->arena, struct condition);
    if (node == NULL) {
        return fail(p, "no memory left");
    }
    node->kind = kind;
    return node;
}

static bool token_is(const struct parser *p, const char *word)
{
    return slice_eq(p->token, slice_str(word));
}

static bool is_reserved(struct slice word)
{
    static const char *const reserved[] = {"and", "or", "not", "of"};
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
        if (slice_eq(word, slice_str(reserved[i]))) {
            return true;
        }
    }
    return false;
}

/* `*` runs anywhere; nothing else is special, and names are short. */
static bool glob(struct slice pattern, struct slice name)
{
    size_t p = 0;
    size_t n = 0;
    size_t star = SIZE_MAX;
    size_t star_name = 0;
    while (n < name.len) {
        if (p < pattern.len && pattern.at[p] == '*') {
            star = ++p;
            star_name = n;
        } else if (p < pattern.len && pattern.at[p] == name.at[n]) {
            p++;
            n++;
        } else if (star != SIZE_MAX) {
            p = star;
            n = ++star_name;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.at[p] == '*') {
        p++;
    }
    return p == pattern.len;
}

bool condition_selects(struct slice pattern, struct slice name)
{
    bool is_hidden = slice_starts(name, SLICE("_"));
    if (slice_eq(pattern, SLICE("them"))) {
        return !is_hidden;
    }
    return (!is_hidden || slice_starts(pattern, SLICE("_"))) && glob(pattern, name);
}

static struct condition *parse_name(struct parser *p)
{
    for (uint32_t i = 0; i < p->name_count; i++) {
        if (slice_eq(p->names[i], p->token)) {
            struct condition *node = make(p, CONDITION_NAME);
            if (node != NULL) {
                node->name = i;
                advance(p);
            }
            return node;
        }
    }
    if (slice_find(p->token, '*') != p->token.len) {
        return fail(p, "a pattern stands only after `1 of` or `all of`");
    }
    return fail(p, "no search identifier has this name");
}

static struct condition *parse_selector(struct parser *p, enum condition_kind kind)
{
    advance(p); /* `of`, seen by the caller */
    advance(p);
    if (p->token.len == 0 || !is_word_byte(p->token.at[0]) || is_reserved(p->token)) {
        return fail(p, "`of` needs `them` or a name with `*`");
    }
    struct condition *node = make(p, kind);
    if (node == NULL) {
        return NULL;
    }
    node->text = p->token;
    struct condition **tail = &node->first;
    for (uint32_t i = 0; i < p->name_count; i++) {
        if (condition_selects(p->token, p->names[i])) {
            *tail = make(p, CONDITION_NAME);
            if (*tail == NULL) {
                return NULL;
            }
            (*tail)->name = i;
            tail = &(*tail)->next;
        }
    }
    if (node->first == NULL) {
        return fail(p, "this selector matches no search identifier");
    }
    advance(p);
    return node;
}

/* Whether the word after the current token is `of`. */
static bool is_before_of(const struct parser *p)
{
    struct parser ahead = *p;
    advance(&ahead);
    return token_is(&ahead, "of");
}

static struct condition *parse_or(struct parser *p);

static struct condition *parse_operand(struct parser *p)
{
    if (p->token.len == 0) {
        return fail(p, "the condition ends where a name is due");
    }
    if (token_is(p, "(")) {
        advance(p);
        struct condition *inner = parse_or(p);
        if (inner != NULL && !token_is(p, ")")) {
            return fail(p, "a parenthesis is not closed");
        }
        advance(p);
        return inner;
    }
    if (is_before_of(p) && !is_reserved(p->token)) {
        bool is_any = token_is(p, "1") || token_is(p, "any");
        if (!is_any && !token_is(p, "all")) {
            return fail(p, "only `1 of`, `any of` and `all of` exist");
        }
        return parse_selector(p, is_any ? CONDITION_ANY : CONDITION_ALL);
    }
    if (token_is(p, "|")) {
        return fail(p, "pipes are no longer part of Sigma: use a correlation");
    }
    if (!is_word_byte(p->token.at[0]) || is_reserved(p->token)) {
        return fail(p, "a name is due here");
    }
    return parse_name(p);
}

static struct condition *parse_not(struct parser *p)
{
    if (++p->depth > CONDITION_DEPTH_MAX) {
        return fail(p, "nested deeper than allowed");
    }
    struct condition *node = NULL;
    if (token_is(p, "not")) {
        advance(p);
        node = make(p, CONDITION_NOT);
        struct condition *child = node != NULL ? parse_not(p) : NULL;
        if (child == NULL) {
            return NULL;
        }
        node->first = child;
    } else {
        node = parse_operand(p);
    }
    p->depth--;
    return node;
}

/* One level of precedence: operands joined by `word`; one alone stands for itself. */
static struct condition *parse_chain(struct parser *p, const char *word, enum condition_kind kind,
                                     struct condition *(*operand)(struct parser *))
{
    struct condition *first = operand(p);
    if (first == NULL || !token_is(p, word)) {
        return first;
    }
    struct condition *node = make(p, kind);
    if (node == NULL) {
        return NULL;
    }
    node->first = first;
    struct condition *last = first;
    while (token_is(p, word)) {
        advance(p);
        last->next = operand(p);
        if (last->next == NULL) {
            return NULL;
        }
        last = last->next;
    }
    return node;
}

static struct condition *parse_and(struct parser *p)
{
    return parse_chain(p, "and", CONDITION_AND, parse_not);
}

static struct condition *parse_or(struct parser *p)
{
    return parse_chain(p, "or", CONDITION_OR, parse_and);
}

static struct condition *refuse_rest(struct parser *p)
{
    if (token_is(p, "|")) {
        return fail(p, "pipes are no longer part of Sigma: use a correlation");
    }
    if (slice_eq_nocase(p->token, SLICE("and")) || slice_eq_nocase(p->token, SLICE("or")) ||
        slice_eq_nocase(p->token, SLICE("not"))) {
        return fail(p, "write `and`, `or` and `not` in small letters");
    }
    return fail(p, "`and` or `or` is due here");
}

struct condition *condition_parse(struct arena *arena, struct slice text, const struct slice *names,
                                  uint32_t name_count, struct condition_error *error)
{
    MUST(names != NULL || name_count == 0);
    struct parser p = {
        .arena = arena, .text = text, .names = names, .name_count = name_count, .error = error};
    if (text.len > CONDITION_BYTES_MAX) {
        return fail(&p, "longer than allowed");
    }
    advance(&p);
    struct condition *root = parse_or(&p);
    if (root != NULL && p.token.len != 0) {
        return refuse_rest(&p);
    }
    return root;
}
