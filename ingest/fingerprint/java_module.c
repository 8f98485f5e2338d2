/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/fingerprint/ways.h"

/* Names of classes that are made while the program runs end in a number or a hash. */
struct made {
    struct slice mark;   /* what such a name holds before its digits */
    struct slice ending; /* what may stand between */
    bool is_hex;
};

static const struct made rows[] = {
    {SLICE_INIT("sun.reflect.GeneratedSerializationConstructorAccessor"), SLICE_INIT(""), false},
    {SLICE_INIT("sun.reflect.GeneratedConstructorAccessor"), SLICE_INIT(""), false},
    {SLICE_INIT("CGLIB$$"), SLICE_INIT(""), true},
    {SLICE_INIT("$$_javassist"), SLICE_INIT("_seam"), false},
    {SLICE_INIT("$fn__"), SLICE_INIT(""), false},
};

static bool is_digit(char c, bool is_hex)
{
    return (c >= '0' && c <= '9') || (is_hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));
}

static size_t skip_digits(struct slice text, size_t at, bool is_hex)
{
    while (at < text.len && is_digit(text.at[at], is_hex)) {
        at++;
    }
    return at;
}

/* "_" and digits, as a whole. */
static size_t skip_tail(struct slice text, size_t at)
{
    size_t end = at < text.len && text.at[at] == '_' ? skip_digits(text, at + 1, false) : at;
    return end > at + 1 ? end : at;
}

/* `name` with what `row` knows of replaced by "<auto>"; itself when there is nothing of it. */
static struct slice clean(struct arena *arena, struct slice name, const struct made *row)
{
    size_t mark = slice_search(name, row->mark);
    if (mark == name.len) {
        return name;
    }
    size_t from = mark + row->mark.len;
    MUST(from <= name.len);
    size_t end = from;
    bool is_underscored = slice_eq(row->mark, SLICE("$$_javassist"));
    if (row->ending.len != 0 && slice_starts(slice_from(name, end), row->ending)) {
        end += row->ending.len;
    }
    if (is_underscored) {
        end = skip_tail(name, end);
    } else {
        size_t digits = skip_digits(name, end, row->is_hex);
        if (digits == end) {
            return name;
        }
        end = row->is_hex ? skip_tail(name, digits) : digits;
    }
    MUST(end <= name.len);
    struct slice parts[] = {slice_head(name, from), SLICE("<auto>"), slice_from(name, end)};
    struct slice joined = arena_concat(arena, parts, 3);
    return joined.len != 0 ? joined : name;
}

struct slice java_module(struct arena *arena, struct slice module)
{
    static const struct slice accessors[] = {
        SLICE_INIT("sun.reflect.GeneratedMethodAccessor"),
        SLICE_INIT("jdk.internal.reflect.GeneratedMethodAccessor"),
    };
    for (size_t i = 0; i < sizeof(accessors) / sizeof(accessors[0]); i++) {
        if (slice_starts(module, accessors[i])) {
            return accessors[i];
        }
    }
    bool is_accessor = slice_starts(module, SLICE("sun.reflect."));
    bool may_be_made = slice_find(module, '$') < module.len;
    for (size_t i = 0; (is_accessor || may_be_made) && i < sizeof(rows) / sizeof(rows[0]); i++) {
        module = clean(arena, module, &rows[i]);
    }
    return module;
}
