/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/store.h"
#include "ingest/base/must.h"
#include "ingest/decode/base64.h"

struct fault store_open(struct inflate_scratch *scratch, struct arena *arena, struct slice body,
                        struct slice *json)
{
    MUST(scratch != NULL && arena != NULL && json != NULL);
    struct slice text = slice_trim(body);
    struct slice bytes;
    if (text.len == 0) {
        return fault_at(FAULT_MALFORMED, "store: empty body", 0);
    }
    if (text.at[0] == '{') {
        *json = body;
        return FAULT_OK;
    }
    struct fault fault = base64_decode(arena, text, &bytes);
    if (fault_is(fault)) {
        fault.offset += fault.offset != FAULT_NO_OFFSET ? (size_t)(text.at - body.at) : 0;
        return fault.kind == FAULT_MALFORMED
                   ? fault_at(fault.kind, "store: neither JSON nor base64", fault.offset)
                   : fault;
    }
    struct slice start = slice_trim(bytes);
    if (start.len != 0 && start.at[0] == '{') {
        *json = bytes;
        return FAULT_OK;
    }
    return inflate_zlib(scratch, arena, bytes, json);
}

/* Python's names for what JSON has no number for, with the sign before them. */
static size_t odd_number(struct slice text)
{
    static const struct slice names[] = {SLICE_INIT("NaN"), SLICE_INIT("Infinity"),
                                         SLICE_INIT("-Infinity")};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_starts(text, names[i])) {
            return names[i].len;
        }
    }
    return 0;
}

/* The length of the string at the front, quotes included; all of `text` when it has no end. */
static size_t string_length(struct slice text)
{
    MUST(text.at[0] == '"');
    for (size_t i = 1; i < text.len; i++) {
        if (text.at[i] == '\\') {
            i++;
        } else if (text.at[i] == '"') {
            return i + 1;
        }
    }
    return text.len;
}

/* Copies `json` with null for each odd number; false when there is none (or no memory). */
static bool rewrite(struct arena *arena, struct slice json, struct slice *out)
{
    char *to = arena_bytes(arena, json.len + json.len / 3 + 1); /* "NaN" grows by a byte */
    size_t length = 0;
    bool found = false;
    for (size_t i = 0; to != NULL && i < json.len;) {
        struct slice rest = slice_from(json, i);
        size_t odd = odd_number(rest);
        size_t same = rest.at[0] == '"' ? string_length(rest) : 1;
        if (odd != 0) {
            memcpy(to + length, "null", 4);
            length += 4;
            found = true;
        } else {
            memcpy(to + length, rest.at, same);
            length += same;
        }
        i += odd != 0 ? odd : same;
    }
    MUST(length <= json.len + json.len / 3 + 1);
    *out = slice_of(to, length);
    return found;
}

/* What a byte of the copy stands for in `json`: for one of a null, the end of its odd number. */
static size_t rewritten_from(struct slice json, size_t offset)
{
    size_t from = 0;
    for (size_t length = 0; from < json.len && length < offset;) {
        struct slice rest = slice_from(json, from);
        size_t odd = odd_number(rest);
        size_t same = rest.at[0] == '"' ? string_length(rest) : 1;
        same = same < offset - length ? same : offset - length;
        length += odd != 0 ? 4 : same;
        from += odd != 0 ? odd : same;
    }
    MUST(from <= json.len);
    return from;
}

/* True when the parser stopped at the first letter of an odd number, or right behind it. */
static bool is_odd_number_near(struct slice json, size_t offset)
{
    for (size_t back = 0; back <= 1 && back <= offset; back++) {
        if (odd_number(slice_from(json, offset - back)) != 0) {
            return true;
        }
    }
    return false;
}

struct fault store_parse(struct arena *arena, struct slice json, struct value **out)
{
    MUST(arena != NULL && out != NULL);
    struct slice fixed;
    struct fault fault = value_parse_json(arena, json, out);
    if (fault.kind != FAULT_MALFORMED || !is_odd_number_near(json, fault.offset) ||
        !rewrite(arena, json, &fixed)) {
        return fault;
    }
    fault = value_parse_json(arena, fixed, out);
    fault.offset =
        fault.offset != FAULT_NO_OFFSET ? rewritten_from(json, fault.offset) : FAULT_NO_OFFSET;
    return fault;
}
