/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/fingerprint/parameterise.h"
#include "ingest/fingerprint/ways.h"

/* Takes the next line that is not blank off `*rest`; the empty slice at the end. */
static struct slice next_line(struct slice *rest)
{
    while (rest->len != 0) {
        size_t end = slice_find(*rest, '\n');
        struct slice line = slice_head(*rest, end);
        *rest = slice_from(*rest, end + 1);
        if (slice_trim(line).len != 0) {
            bool has_return = line.at[line.len - 1] == '\r';
            return has_return ? slice_head(line, line.len - 1) : line;
        }
    }
    return slice_of(NULL, 0);
}

/* Two lines, and "..." where there were more: the rest is mostly a dump of something. */
static struct slice first_lines(struct arena *arena, struct slice text)
{
    struct slice rest = text;
    if (slice_find(text, '\n') == text.len) {
        return text;
    }
    struct slice first = next_line(&rest);
    struct slice second = next_line(&rest);
    struct slice parts[] = {first, second.len != 0 ? SLICE("\n") : second, second, SLICE("...")};
    size_t kept = first.len + parts[1].len + second.len;
    MUST(kept <= text.len);
    if (first.len == 0 || kept == text.len) {
        return text;
    }
    struct slice joined = arena_concat(arena, parts, 4);
    return joined.len != 0 ? joined : first;
}

struct part *text_add(struct parts *parts, const char *name, struct slice text)
{
    struct slice lines = slice_trim(text).len != 0 ? first_lines(parts->arena, text) : SLICE("");
    struct slice plain = parameterise(parts->arena, lines);
    struct part *part = parts_leaf(parts, name, plain);
    MUST(part != NULL);
    if (!slice_eq(plain, text)) {
        part->why = "without what changes";
    }
    return part;
}
