/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/decoded.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/normalise/collapse.h"
#include "ingest/normalise/printable.h"
#include "ingest/normalise/unescape.h"

/* Steps 1 and 3 of decoded.h, in place. */
static struct slice undo(char *text, size_t length, bool plus_is_space)
{
    for (uint32_t i = 0; i < DECODED_ROUNDS_MAX; i++) {
        bool changed = false;
        length = unescape(text, length, plus_is_space && i == 0, &changed);
        length = unescape_narrow(text, length, &changed);
        if (!changed) {
            break;
        }
    }
    unescape_repair(text, length);
    return slice_of(text, collapse(text, length));
}

/* True when collapse would leave the text alone. */
static bool is_collapsed(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        char next = i + 1 < text.len ? text.at[i + 1] : 'x';
        if (c == '\0' || (c >= '\t' && c <= '\r') || (c == ' ' && next == ' ') ||
            (c == '/' && next == '*')) {
            return false;
        }
    }
    return true;
}

static struct slice undone(struct arena *arena, struct slice text, bool plus_is_space)
{
    if (!unescape_may_change(text.at, text.len, plus_is_space) && is_collapsed(text)) {
        return text;
    }
    char *copy = arena_bytes(arena, text.len);
    if (copy == NULL) {
        return slice_of(NULL, 0);
    }
    memcpy(copy, text.at, text.len);
    return undo(copy, text.len, plus_is_space);
}

/* What follows '=' in a parameter, or all of a text without one; `data:…;base64,` left out. */
static struct slice value_of(struct slice part)
{
    size_t equals = slice_find(part, '=');
    size_t comma = slice_search(part, SLICE(";base64,"));
    if (comma != part.len) {
        return slice_from(part, comma + 8);
    }
    /* The '=' may be padding. */
    return equals + 2 < part.len ? slice_from(part, equals + 1) : part;
}

/* Appends "\n" and what the first base64 values of `view` stand for, while there is room. */
static struct slice with_base64(struct arena *arena, struct slice view)
{
    struct slice all = view;
    uint32_t count = 0;
    for (struct slice rest = view; rest.len != 0 && count < DECODED_BASE64_MAX;) {
        size_t end = slice_find(rest, '&');
        struct slice found;
        bool is_text = printable_base64(arena, value_of(slice_head(rest, end)), &found);
        rest = slice_from(rest, end + 1);
        if (!is_text || all.len + found.len + 1 > 2 * (size_t)DECODED_BYTES_MAX) {
            continue;
        }
        count++;
        const struct slice parts[] = {all, SLICE("\n"), undone(arena, found, false)};
        all = arena_concat(arena, parts, 3);
        if (all.len == 0) {
            return view;
        }
    }
    return all;
}

struct slice decoded_text(struct arena *arena, struct slice text, enum decoded_kind kind)
{
    struct slice seen = slice_head(text, DECODED_BYTES_MAX);
    struct slice view = undone(arena, seen, kind == DECODED_QUERY);
    MUST(view.len <= seen.len);
    return view.len >= PRINTABLE_BASE64_BYTES_MIN ? with_base64(arena, view) : view;
}

/* ---- the shell's view ---- */

/* Bytes at the front that a shell drops: quotes, escapes, expansions that are empty. */
static size_t read_dropped(struct slice text)
{
    static const struct slice empty[] = {SLICE_INIT("$@"), SLICE_INIT("$*"),  SLICE_INIT("$()"),
                                         SLICE_INIT("``"), SLICE_INIT("${}"), SLICE_INIT("$!")};
    if (text.at[0] == '\'' || text.at[0] == '"' || text.at[0] == '\\' || text.at[0] == '^') {
        return 1;
    }
    for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
        if (slice_starts(text, empty[i])) {
            return empty[i].len;
        }
    }
    return 0;
}

/* Bytes of $IFS, $IFS$9 or ${IFS…} at the front: white space. */
static size_t read_field_separator(struct slice text)
{
    if (slice_starts(text, SLICE("${IFS"))) {
        size_t end = slice_find(text, '}');
        return end == text.len ? 0 : end + 1;
    }
    if (!slice_starts(text, SLICE("$IFS"))) {
        return 0;
    }
    bool has_digit = text.len > 5 && text.at[4] == '$' && text.at[5] >= '0' && text.at[5] <= '9';
    return has_digit ? 6 : 4;
}

struct slice decoded_unquoted(struct arena *arena, struct slice decoded)
{
    size_t out = 0;
    char *to = arena_bytes(arena, decoded.len);
    if (to == NULL) {
        return slice_of(NULL, 0);
    }
    for (size_t at = 0; at < decoded.len;) {
        struct slice rest = slice_from(decoded, at);
        size_t separator = read_field_separator(rest);
        size_t dropped = separator == 0 ? read_dropped(rest) : 0;
        if (separator + dropped == 0 || separator != 0) {
            to[out++] = separator != 0 ? ' ' : rest.at[0];
        }
        at += separator + dropped != 0 ? separator + dropped : 1;
    }
    MUST(out <= decoded.len);
    return slice_of(to, out == decoded.len ? 0 : out);
}
