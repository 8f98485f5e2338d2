/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/regex_needle.h"
#include "ingest/base/must.h"

struct scan {
    struct slice pattern;
    size_t at;
    char *out;    /* all runs, one after the other */
    size_t start; /* of the current run in `out` */
    size_t used;
    struct slice best;
    bool is_unsure;
};

static void end_run(struct scan *s)
{
    MUST(s->start <= s->used);
    if (s->used - s->start > s->best.len) {
        s->best = slice_of(s->out + s->start, s->used - s->start);
    }
    s->start = s->used;
}

/* Takes back the last character of the run, whose quantifier allows none of it. */
static void drop_last(struct scan *s)
{
    while (s->used > s->start) {
        unsigned char last = (unsigned char)s->out[--s->used];
        if ((last & 0xc0) != 0x80) {
            break;
        }
    }
    end_run(s);
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void take_escape(struct scan *s)
{
    if (s->at == s->pattern.len) {
        s->is_unsure = true;
        return;
    }
    char c = s->pattern.at[s->at++];
    if (!is_alnum(c)) {
        s->out[s->used++] = c;
        return;
    }
    if (strchr("dDsSwWbBAzZnrtfhHvV", c) == NULL) { /* \x41, \Q, \1, \p and the like */
        s->is_unsure = true;
    }
    end_run(s);
}

/* Past a class; the first `]` after `[` or `[^` is a member. */
static void skip_class(struct scan *s)
{
    struct slice p = s->pattern;
    if (s->at < p.len && p.at[s->at] == '^') {
        s->at++;
    }
    bool is_first = true;
    while (s->at < p.len) {
        char c = p.at[s->at++];
        if (c == '\\') {
            s->at++;
        } else if (c == '[' && s->at < p.len && strchr(":.=", p.at[s->at]) != NULL) {
            s->is_unsure = true; /* [[:alpha:]] */
        } else if (c == ']' && !is_first) {
            return;
        }
        is_first = false;
    }
    s->is_unsure = true;
}

/* Past a group, with all that is in it. Its flags hold only inside, but for a bare (?i). */
static void skip_group(struct scan *s)
{
    struct slice p = s->pattern;
    size_t depth = 1;
    if (slice_starts(slice_from(p, s->at), SLICE("?")) &&
        !slice_starts(slice_from(p, s->at), SLICE("?:")) &&
        !slice_starts(slice_from(p, s->at), SLICE("?i)"))) {
        s->is_unsure = true;
    }
    while (s->at < p.len && depth > 0 && !s->is_unsure) {
        char c = p.at[s->at++];
        if (c == '\\') {
            s->at++;
        } else if (c == '[') {
            skip_class(s);
        } else if (c == '(') {
            depth++;
        } else if (c == ')') {
            depth--;
        }
    }
    s->is_unsure = s->is_unsure || depth > 0;
}

static void take(struct scan *s, char c)
{
    switch (c) {
    case '\\':
        take_escape(s);
        return;
    case '[':
        end_run(s);
        skip_class(s);
        return;
    case '(':
        end_run(s);
        skip_group(s);
        return;
    case '*':
    case '?':
    case '{':
        drop_last(s);
        while (c == '{' && s->at < s->pattern.len && s->pattern.at[s->at - 1] != '}') {
            s->at++;
        }
        return;
    case '+':
    case '.':
    case '^':
    case '$':
        end_run(s);
        return;
    case '|':
    case ')':
        s->is_unsure = true;
        return;
    default:
        s->out[s->used++] = c;
    }
}

struct slice regex_needle(struct arena *arena, struct slice pattern)
{
    struct scan s = {.pattern = pattern, .out = arena_bytes(arena, pattern.len + 1)};
    while (s.out != NULL && s.at < pattern.len && !s.is_unsure) {
        char c = pattern.at[s.at++];
        take(&s, c);
    }
    if (s.out == NULL || s.is_unsure || s.at > pattern.len) {
        return slice_of(NULL, 0);
    }
    end_run(&s);
    return s.best;
}
