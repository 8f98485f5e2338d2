/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/regex_wide.h"
#include "ingest/base/must.h"
#include <stdint.h>

struct widening {
    struct slice in;
    size_t at;
    char *out;
    size_t used;
    bool is_caseless;     /* from here on, at least in part */
    bool is_all_caseless; /* by the flag, or (?i) at the start */
    bool was_repeat;      /* the last thing written is a quantifier */
    bool is_unsure;
};

static void put(struct widening *w, char c)
{
    w->out[w->used++] = c;
    w->was_repeat = false;
}

static void put_text(struct widening *w, const char *text)
{
    for (; *text != '\0'; text++) {
        put(w, *text);
    }
}

static char peek(const struct widening *w)
{
    return w->at < w->in.len ? w->in.at[w->at] : '\0';
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether the two libraries, which have Unicode of different years, know the same cases of it:
 * compared over all letters, they differ from U+026A on, and not in the punctuation and symbols. */
static bool has_known_case(uint32_t point)
{
    return point < 0x250 || (point >= 0x2000 && point < 0x2c00);
}

/* \xhh or \x{h...}, up to and with its end. */
static void take_hex(struct widening *w)
{
    size_t start = w->at;
    bool is_braced = peek(w) == '{';
    uint32_t point = 0;
    w->at += is_braced;
    size_t first = w->at;
    while (hex_value(peek(w)) >= 0 && w->at - first < (is_braced ? 6 : 2)) {
        point = point * 16 + (uint32_t)hex_value(w->in.at[w->at++]);
    }
    w->is_unsure = w->at - first < 2 || (is_braced && peek(w) != '}') ||
                   (w->is_caseless && !has_known_case(point));
    w->at += is_braced && !w->is_unsure;
    for (size_t i = start; i < w->at; i++) {
        put(w, w->in.at[i]);
    }
}

static void take_escape(struct widening *w, bool is_in_class)
{
    char c = peek(w);
    bool is_alnum = is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    w->at++;
    put(w, '\\');
    put(w, c);
    if (c == 'x') {
        take_hex(w);
        return;
    }
    bool is_reference = !is_in_class && c >= '1' && c <= '9' && !is_digit(peek(w));
    bool is_known = c != '\0' && strchr(is_in_class ? "dDsSwWnrtfe" : "dDsSwWbBAzZnrtfe", c);
    w->is_unsure =
        c == '\0' || (unsigned char)c >= 0x80 || (is_alnum && !is_known && !is_reference);
}

/* Up to and with the `]`. One that starts with `]`, or has classes by name, is not for us. */
static void take_class(struct widening *w)
{
    if (peek(w) == '^') {
        put(w, '^');
        w->at++;
    }
    w->is_unsure = peek(w) == ']';
    while (w->at < w->in.len && !w->is_unsure) {
        char c = w->in.at[w->at++];
        if (c == '\\') {
            take_escape(w, true);
            continue;
        }
        put(w, c);
        if (c == ']') {
            return;
        }
        w->is_unsure = c == '[' && peek(w) != '\0' && strchr(":.=", peek(w)) != NULL;
    }
    w->is_unsure = true;
}

/* `(`, `(?:`, `(?i:` and what looks around. */
static void take_group(struct widening *w)
{
    static const char *const kinds[] = {"?:", "?=", "?!", "?<=", "?<!", "?i:"};
    struct slice rest = slice_from(w->in, w->at);
    if (slice_starts(rest, SLICE("?i)")) && (w->at == 1 || w->is_all_caseless)) {
        w->is_caseless = true;
        w->is_all_caseless = true;
        put_text(w, w->at == 1 ? "(?i)" : "");
        w->at += 3;
        return;
    }
    put(w, '(');
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (slice_starts(rest, slice_str(kinds[i]))) {
            put_text(w, kinds[i]);
            w->at += strlen(kinds[i]);
            w->is_caseless = w->is_caseless || kinds[i][1] == 'i';
            return;
        }
    }
    w->is_unsure = peek(w) == '?' || peek(w) == '*';
}

/* The bytes of "n}", "n,}" or "n,m}" at the start of `text`; 0 when that is no repeat. */
static size_t repeat_bytes(struct slice text)
{
    size_t i = 0;
    while (i < text.len && is_digit(text.at[i])) {
        i++;
    }
    if (i == 0) {
        return 0;
    }
    if (i < text.len && text.at[i] == ',') {
        i++;
    }
    while (i < text.len && is_digit(text.at[i])) {
        i++;
    }
    return i < text.len && text.at[i] == '}' ? i + 1 : 0;
}

/* After `*`, `+`, `?` or a repeat: lazy or possessive make no difference to what is found here,
 * and a repeat of a repeat is not for us. */
static void end_repeat(struct widening *w, char quantifier)
{
    w->is_unsure = w->was_repeat;
    put(w, quantifier);
    w->was_repeat = true;
    w->at += peek(w) == '?' || peek(w) == '+';
}

static void take_brace(struct widening *w)
{
    struct slice rest = slice_from(w->in, w->at);
    size_t bytes = repeat_bytes(rest);
    if (bytes == 0) {
        w->is_unsure = peek(w) == ','; /* {,n}: not everywhere text */
        put(w, '\\');
        put(w, '{');
        return;
    }
    bool is_from_none = rest.at[0] == '0';
    w->at += bytes;
    end_repeat(w, is_from_none ? '*' : '+');
}

static void take(struct widening *w, char c)
{
    switch (c) {
    case '\\':
        take_escape(w, false);
        return;
    case '[':
        put(w, c);
        take_class(w);
        return;
    case '(':
        take_group(w);
        return;
    case '{':
        take_brace(w);
        return;
    case '*':
    case '+':
    case '?':
        end_repeat(w, c);
        return;
    default:
        w->is_unsure = c == '\0' || (w->is_caseless && (unsigned char)c >= 0x80);
        put(w, c);
    }
}

struct slice regex_wide(struct arena *arena, struct slice pattern, bool is_caseless)
{
    struct widening w = {.in = pattern,
                         .out = arena_bytes(arena, pattern.len * 2 + 4),
                         .is_caseless = is_caseless,
                         .is_all_caseless = is_caseless};
    while (w.out != NULL && w.at < pattern.len && !w.is_unsure) {
        char c = pattern.at[w.at++];
        take(&w, c);
    }
    if (w.out == NULL || w.is_unsure || w.at > pattern.len) {
        return slice_of(NULL, 0);
    }
    MUST(w.used <= pattern.len * 2 + 3);
    w.out[w.used] = '\0';
    return slice_of(w.out, w.used);
}
