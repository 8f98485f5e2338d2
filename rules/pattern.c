/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/pattern.h"
#include "ingest/base/must.h"
#include "rules/fold.h"

static bool is_special(char c)
{
    return c == '*' || c == '?' || c == '\\';
}

static void add(struct pattern *pattern, enum part_kind kind, struct slice text)
{
    if (kind == PART_TEXT && text.len == 0) {
        return;
    }
    pattern->parts[pattern->count++] = (struct part){.kind = kind, .text = text};
}

static struct pattern make(struct arena *arena, size_t room)
{
    struct pattern pattern = {.parts = ARENA_ARRAY(arena, room != 0 ? room : 1, struct part)};
    return pattern;
}

/* Wildcards of `written`, counting escaped ones too: a bound for the number of parts. */
static size_t count_wild(struct slice written)
{
    size_t wild = 0;
    for (size_t i = 0; i < written.len; i++) {
        wild += written.at[i] == '*' || written.at[i] == '?';
    }
    return wild;
}

struct pattern pattern_parse(struct arena *arena, struct slice written)
{
    struct pattern pattern = make(arena, 2 * count_wild(written) + 1);
    char *plain = arena_bytes(arena, written.len != 0 ? written.len : 1);
    if (pattern.parts == NULL || plain == NULL) {
        return (struct pattern){0};
    }
    size_t used = 0;
    size_t start = 0;
    for (size_t i = 0; i < written.len; i++) {
        char c = written.at[i];
        if (c == '\\' && i + 1 < written.len && is_special(written.at[i + 1])) {
            plain[used++] = written.at[++i];
            continue;
        }
        if (c != '*' && c != '?') {
            plain[used++] = c;
            continue;
        }
        add(&pattern, PART_TEXT, slice_of(plain + start, used - start));
        add(&pattern, c == '*' ? PART_ANY : PART_ONE, slice_of(NULL, 0));
        start = used;
    }
    add(&pattern, PART_TEXT, slice_of(plain + start, used - start));
    return pattern;
}

struct pattern pattern_literal(struct arena *arena, struct slice text)
{
    struct pattern pattern = make(arena, 1);
    if (pattern.parts != NULL) {
        add(&pattern, PART_TEXT, text);
    }
    return pattern;
}

struct pattern pattern_open(struct arena *arena, struct pattern pattern, bool start, bool end)
{
    struct pattern open = make(arena, pattern.count + 2u);
    if (open.parts == NULL) {
        return (struct pattern){0};
    }
    if (start && (pattern.count == 0 || pattern.parts[0].kind != PART_ANY)) {
        add(&open, PART_ANY, slice_of(NULL, 0));
    }
    for (uint32_t i = 0; i < pattern.count; i++) {
        open.parts[open.count++] = pattern.parts[i];
    }
    if (end && (open.count == 0 || open.parts[open.count - 1].kind != PART_ANY)) {
        add(&open, PART_ANY, slice_of(NULL, 0));
    }
    return open;
}

/* Whether a character at `i` is one of a word; beyond ASCII all are but the dashes. */
static bool is_word(struct slice text, size_t i)
{
    unsigned char c = (unsigned char)text.at[i];
    if (c >= 0x80) {
        return !slice_starts(slice_from(text, i), SLICE("\xe2\x80"));
    }
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_dash(struct slice text, size_t i)
{
    return (text.at[i] == '-' || text.at[i] == '/') && (i == 0 || !is_word(text, i - 1)) &&
           i + 1 < text.len && is_word(text, i + 1);
}

struct pattern pattern_windash(struct arena *arena, struct pattern pattern)
{
    size_t room = pattern.count;
    for (uint32_t i = 0; i < pattern.count; i++) {
        room += pattern.parts[i].text.len; /* a dash is a byte, and each splits once */
    }
    struct pattern dashed = make(arena, room + 1);
    if (dashed.parts == NULL) {
        return (struct pattern){0};
    }
    for (uint32_t i = 0; i < pattern.count; i++) {
        struct slice text = pattern.parts[i].text;
        size_t start = 0;
        for (size_t j = 0; j < text.len; j++) {
            if (is_dash(text, j)) {
                add(&dashed, PART_TEXT, slice_of(text.at + start, j - start));
                add(&dashed, PART_DASH, slice_of(NULL, 0));
                start = j + 1;
            }
        }
        add(&dashed, pattern.parts[i].kind, slice_from(text, start));
    }
    return dashed;
}

struct pattern pattern_fold(struct arena *arena, struct pattern pattern)
{
    struct pattern folded = make(arena, pattern.count);
    if (folded.parts == NULL) {
        return (struct pattern){0};
    }
    for (uint32_t i = 0; i < pattern.count; i++) {
        add(&folded, pattern.parts[i].kind, fold_text(arena, pattern.parts[i].text));
    }
    return folded;
}

bool pattern_is_literal(struct pattern pattern, struct slice *out)
{
    if (pattern.count == 0) {
        *out = slice_of(NULL, 0);
        return true;
    }
    if (pattern.count != 1 || pattern.parts[0].kind != PART_TEXT) {
        return false;
    }
    *out = pattern.parts[0].text;
    return true;
}

/* Bytes of the dash `text` begins with, 0 for none: - / and U+2013, U+2014, U+2015. */
static size_t dash_bytes(struct slice text)
{
    if (text.len >= 1 && (text.at[0] == '-' || text.at[0] == '/')) {
        return 1;
    }
    bool is_long = text.len >= 3 && memcmp(text.at, "\xe2\x80", 2) == 0 &&
                   (unsigned char)text.at[2] >= 0x93 && (unsigned char)text.at[2] <= 0x95;
    return is_long ? 3 : 0;
}

/* Whether `part` matches at the start of `text`, and how many bytes it takes. */
static bool take(const struct part *part, struct slice text, size_t *bytes)
{
    switch (part->kind) {
    case PART_TEXT:
        *bytes = part->text.len;
        return slice_starts(text, part->text);
    case PART_ONE:
        *bytes = text.len != 0 ? fold_point_bytes(text) : 0;
        return text.len != 0;
    case PART_DASH:
        *bytes = dash_bytes(text);
        return *bytes != 0;
    case PART_ANY:
        break;
    }
    NEVER("a star is no single step");
}

/* Where the part after a star may begin next, from `from` on; `text.len + 1` for nowhere. */
static size_t next_start(const struct part *part, struct slice text, size_t from)
{
    if (part->kind != PART_TEXT) {
        return from < text.len ? from : text.len + 1;
    }
    struct slice rest = slice_from(text, from);
    size_t hit = slice_search(rest, part->text);
    return rest.len == 0 || hit == rest.len ? text.len + 1 : from + hit;
}

/* One star to go back to is enough: what an earlier one could take, the last can take as well. */
bool pattern_match(struct pattern pattern, struct slice text)
{
    uint32_t at = 0;
    size_t done = 0;
    uint32_t star = UINT32_MAX; /* the part after the last star met */
    size_t star_from = 0;
    for (;;) {
        if (at < pattern.count && pattern.parts[at].kind == PART_ANY) {
            star = ++at;
            star_from = done;
            if (at == pattern.count) {
                return true;
            }
            if (pattern.parts[at].kind == PART_ANY) {
                continue;
            }
            star_from = next_start(&pattern.parts[at], text, star_from);
            done = star_from;
        }
        if (done > text.len) {
            return false;
        }
        size_t bytes = 0;
        if (at < pattern.count && take(&pattern.parts[at], slice_from(text, done), &bytes)) {
            at++;
            done += bytes;
            continue;
        }
        if (at == pattern.count && done == text.len) {
            return true;
        }
        if (star == UINT32_MAX) {
            return false;
        }
        at = star;
        star_from = next_start(&pattern.parts[star], text, star_from + 1);
        done = star_from;
    }
}

struct slice pattern_needle(struct pattern pattern)
{
    struct slice best = {NULL, 0};
    for (uint32_t i = 0; i < pattern.count; i++) {
        if (pattern.parts[i].kind == PART_TEXT && pattern.parts[i].text.len > best.len) {
            best = pattern.parts[i].text;
        }
    }
    return best;
}
