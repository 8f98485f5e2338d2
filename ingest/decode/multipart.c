/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/multipart.h"
#include "ingest/base/must.h"

#define BOUNDARY_BYTES_MAX 70u /* RFC 2046 */

static struct slice unquoted(struct slice text)
{
    text = slice_trim(text);
    if (text.len >= 2 && text.at[0] == '"') {
        struct slice inner = slice_from(text, 1);
        return slice_head(inner, slice_find(inner, '"'));
    }
    return text;
}

/* The length of the field's first segment: up to a ';' that is not in quotes. */
static size_t segment(struct slice text)
{
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"') {
            quoted = !quoted;
        } else if (text.at[i] == ';' && !quoted) {
            return i;
        }
    }
    return text.len;
}

/* The value of `; name=value` in a header's value; empty when there is none. */
static struct slice attribute(struct slice field, struct slice wanted)
{
    field = slice_from(field, segment(field) + 1);
    while (field.len != 0) {
        struct slice pair = slice_head(field, segment(field));
        size_t equals = slice_find(pair, '=');
        if (slice_eq_nocase(slice_trim(slice_head(pair, equals)), wanted)) {
            return unquoted(slice_from(pair, equals + 1));
        }
        field = slice_from(field, pair.len + 1);
    }
    return slice_of(NULL, 0);
}

struct fault multipart_open(struct multipart *multipart, struct slice content_type,
                            struct slice body)
{
    struct slice boundary = attribute(content_type, SLICE("boundary"));
    if (boundary.len == 0 || boundary.len > BOUNDARY_BYTES_MAX) {
        return fault_make(FAULT_MALFORMED, "multipart: Content-Type names no boundary");
    }
    *multipart = (struct multipart){.rest = body, .body = body};
    memcpy(multipart->mark, "\r\n--", 4);
    memcpy(multipart->mark + 4, boundary.at, boundary.len);
    multipart->mark_bytes = 4 + boundary.len;
    MUST(multipart->mark_bytes <= sizeof(multipart->mark));
    struct slice first = slice_of(multipart->mark + 2, multipart->mark_bytes - 2);
    size_t at = slice_search(body, first); /* a preamble may stand before it */
    if (at == body.len) {
        return fault_make(FAULT_MALFORMED, "multipart: the boundary is nowhere in the body");
    }
    multipart->rest = slice_from(body, at + first.len);
    return FAULT_OK;
}

/* Takes a line off the front, without its end; false when the text ends before it. */
static bool take_line(struct slice *rest, struct slice *line)
{
    size_t end = slice_find(*rest, '\n');
    if (end == rest->len) {
        return false;
    }
    *line = slice_trim(slice_head(*rest, end));
    *rest = slice_of(rest->at + end + 1, rest->len - end - 1);
    return true;
}

static void read_header(struct slice line, struct part *out)
{
    size_t colon = slice_find(line, ':');
    struct slice name = slice_trim(slice_head(line, colon));
    struct slice value = slice_trim(slice_from(line, colon + 1));
    if (slice_eq_nocase(name, SLICE("content-disposition"))) {
        out->name = attribute(value, SLICE("name"));
        out->filename = attribute(value, SLICE("filename"));
    } else if (slice_eq_nocase(name, SLICE("content-type"))) {
        out->content_type = value;
    }
}

static struct fault wrong(const struct multipart *multipart, const char *reason)
{
    return fault_at(FAULT_MALFORMED, reason, multipart->body.len - multipart->rest.len);
}

struct fault multipart_next(struct multipart *multipart, struct part *out, bool *found)
{
    struct slice line;
    *out = (struct part){0};
    *found = false;
    if (multipart->at_end || slice_starts(multipart->rest, SLICE("--"))) {
        multipart->at_end = true;
        return FAULT_OK;
    }
    if (!take_line(&multipart->rest, &line) || line.len != 0) {
        return wrong(multipart, "multipart: no end of line after a boundary");
    }
    do {
        if (!take_line(&multipart->rest, &line)) {
            return wrong(multipart, "multipart: a part's headers do not end");
        }
        read_header(line, out);
    } while (line.len != 0);
    struct slice mark = slice_of(multipart->mark, multipart->mark_bytes);
    /* An empty part: its end is the line end before it. */
    bool is_empty = slice_starts(multipart->rest, slice_from(mark, 2));
    size_t end = is_empty ? 0 : slice_search(multipart->rest, mark);
    if (end == multipart->rest.len) {
        return wrong(multipart, "multipart: a part does not end");
    }
    out->content = slice_head(multipart->rest, end);
    multipart->rest = slice_from(multipart->rest, end + mark.len - (is_empty ? 2 : 0));
    *found = true;
    return FAULT_OK;
}
