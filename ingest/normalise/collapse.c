/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/collapse.h"
#include "ingest/base/must.h"
#include "ingest/base/slice.h"

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Appends one character; white space only after something else. */
static void put(char *text, size_t *out, char c)
{
    if (c == '\0' || (is_space(c) && *out != 0 && text[*out - 1] == ' ')) {
        return;
    }
    text[(*out)++] = is_space(c) ? ' ' : c;
}

/* True when nothing but padding can be in the comment: no markup, code or text in quotes. */
static bool is_padding(struct slice comment)
{
    for (size_t i = 0; i < comment.len; i++) {
        if (comment.at[i] != '\0' && strchr("<>'\"(){}$;=%`|&", comment.at[i]) != NULL) {
            return false;
        }
    }
    return true;
}

/* Bytes of "!50000" at the front: what MySQL of that version and later runs. */
static size_t version_mark(struct slice comment)
{
    size_t at = 1;
    if (comment.len == 0 || comment.at[0] != '!') {
        return 0;
    }
    while (at < comment.len && at < 7 && comment.at[at] >= '0' && comment.at[at] <= '9') {
        at++;
    }
    return at;
}

/* Writes what is left of a comment whose inside is given: a space, and what it must not hide. */
static void put_comment(char *text, size_t *out, struct slice inside)
{
    size_t mark = version_mark(inside);
    put(text, out, ' ');
    if (mark == 0 && is_padding(inside)) {
        return;
    }
    for (size_t i = mark; i < inside.len; i++) {
        put(text, out, inside.at[i]);
    }
    put(text, out, ' ');
}

size_t collapse(char *text, size_t length)
{
    size_t out = 0;
    bool is_closed = true; /* some comment may end further on: asked once, not for each start */
    for (size_t at = 0; at < length;) {
        struct slice rest = slice_of(text + at, length - at);
        struct slice inside = slice_from(rest, 2);
        size_t end = inside.len;
        if (is_closed && slice_starts(rest, SLICE("/*"))) {
            end = slice_search(inside, SLICE("*/"));
            is_closed = end != inside.len;
        }
        if (end == inside.len) { /* no comment, or never closed: it hides nothing */
            put(text, &out, text[at++]);
            continue;
        }
        put_comment(text, &out, slice_head(inside, end));
        at += end + 4;
    }
    MUST(out <= length);
    return out;
}
