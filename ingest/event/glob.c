/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/glob.h"
#include "ingest/base/must.h"
#include <stdint.h>

/* A place to go back to: where the pattern goes on, and what its star has taken. */
struct back {
    size_t pattern; /* SIZE_MAX: none */
    size_t text;
};

static char fold(char c, unsigned how)
{
    if ((how & GLOB_NOCASE) != 0 && c >= 'A' && c <= 'Z') {
        return (char)(c + ('a' - 'A'));
    }
    return (how & GLOB_PATH) != 0 && c == '\\' ? '/' : c;
}

/* Reads the set at the front of `pattern`: its length, 0 when it is never closed. */
static size_t set_length(struct slice pattern)
{
    size_t at = 1;
    MUST(pattern.len > 0 && pattern.at[0] == '[');
    at += at < pattern.len && pattern.at[at] == '!';
    at += at < pattern.len; /* a ']' in front is one of them */
    while (at < pattern.len && pattern.at[at] != ']') {
        at++;
    }
    return at < pattern.len ? at + 1 : 0;
}

static bool is_in_set(struct slice set, char c, unsigned how)
{
    bool is_negated = set.at[1] == '!';
    bool is_in = false;
    for (size_t i = is_negated ? 2 : 1; i + 1 < set.len; i++) {
        char low = fold(set.at[i], how);
        char high = low;
        if (i + 3 < set.len && set.at[i + 1] == '-') {
            high = fold(set.at[i + 2], how);
            i += 2;
        }
        is_in |= low <= c && c <= high;
    }
    return is_in != is_negated;
}

/* Length of what stands at `p` when it takes the byte `c`; 0 when it does not. */
static size_t one_length(struct slice pattern, size_t p, char c, unsigned how)
{
    if (p == pattern.len) {
        return 0;
    }
    c = fold(c, how);
    if (pattern.at[p] == '[') {
        size_t length = set_length(slice_from(pattern, p));
        if (length != 0) {
            return is_in_set(slice_of(pattern.at + p, length), c, how) ? length : 0;
        }
    }
    bool is_any = pattern.at[p] == '?' && ((how & GLOB_PATH) == 0 || c != '/');
    return is_any || fold(pattern.at[p], how) == c;
}

static bool matches(struct slice pattern, struct slice text, unsigned how)
{
    struct back one = {SIZE_MAX, 0}; /* a '*' that stops at '/' */
    struct back all = {SIZE_MAX, 0};
    size_t at = 0;
    size_t p = 0;
    while (at < text.len) {
        bool is_star = p < pattern.len && pattern.at[p] == '*';
        bool is_double = is_star && p + 1 < pattern.len && pattern.at[p + 1] == '*';
        size_t length = is_star ? 0 : one_length(pattern, p, text.at[at], how);
        if (is_star && (is_double || (how & GLOB_PATH) == 0)) {
            p += is_double ? 2 : 1;
            all = (struct back){p, at};
            one.pattern = SIZE_MAX;
        } else if (is_star) {
            one = (struct back){++p, at};
        } else if (length != 0) {
            p += length;
            at++;
        } else if (one.pattern != SIZE_MAX && fold(text.at[one.text], how) != '/') {
            p = one.pattern;
            at = ++one.text;
        } else if (all.pattern != SIZE_MAX) {
            one.pattern = SIZE_MAX;
            p = all.pattern;
            at = ++all.text;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.at[p] == '*') {
        p++;
    }
    MUST(p <= pattern.len && at == text.len);
    return p == pattern.len;
}

bool glob_matches(struct slice pattern, struct slice text, unsigned how)
{
    static const struct slice fronts[] = {SLICE_INIT("/"), SLICE_INIT("*/"), SLICE_INIT("**/")};
    MUST((how & ~(GLOB_NOCASE | GLOB_PATH)) == 0);
    text = slice_head(text, (how & GLOB_PATH) != 0 ? GLOB_PATH_BYTES_MAX : GLOB_BYTES_MAX);
    if (matches(pattern, text, how)) {
        return true;
    }
    bool is_relative = text.len == 0 || fold(text.at[0], how) != '/';
    for (size_t i = 0; (how & GLOB_PATH) != 0 && is_relative && i < 3; i++) {
        if (slice_starts(pattern, fronts[i]) &&
            matches(slice_from(pattern, fronts[i].len), text, how)) {
            return true;
        }
    }
    return false;
}
