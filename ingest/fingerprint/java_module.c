/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/fingerprint/ways.h"

/* Names of classes that are made while the program runs end in a number or a hash, and a library
 * marks them in its own way: dollars, the mark, dollars again, and what is made up.
 *
 *   $$EnhancerByGuice$$ae46b1bf     $HibernateProxy$oRWxjAWT     $fn__12345
 */
struct made {
    struct slice mark;
    bool has_word; /* the mark is followed by more of a name: EnhancerByGuice */
    bool has_end;  /* dollars stand between the mark and what is made up */
    unsigned body; /* of BODY_*: what is made up */
};

#define BODY_DIGITS   0x1u
#define BODY_HEX      0x2u
#define BODY_WORD     0x4u
#define BODY_NUMBERED 0x8u  /* "_12" may follow */
#define BODY_SEAM     0x10u /* "_seam" may stand before, and all of it be missing */

static const struct made rows[] = {
    {SLICE_INIT("sun.reflect.GeneratedSerializationConstructorAccessor"), false, false,
     BODY_DIGITS},
    {SLICE_INIT("sun.reflect.GeneratedConstructorAccessor"), false, false, BODY_DIGITS},
    {SLICE_INIT("CGLIB$$"), false, false, BODY_HEX | BODY_NUMBERED},
    {SLICE_INIT("$$_javassist"), false, false, BODY_SEAM | BODY_NUMBERED},
    {SLICE_INIT("$fn__"), false, false, BODY_DIGITS},
    {SLICE_INIT("$EnhancerBy"), true, true, BODY_HEX | BODY_NUMBERED},
    {SLICE_INIT("$FastClassBy"), true, true, BODY_HEX | BODY_NUMBERED},
    {SLICE_INIT("$HibernateProxy"), false, true, BODY_WORD},
};

static bool is_body(char c, unsigned body)
{
    bool is_digit = c >= '0' && c <= '9';
    bool is_hex = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    return is_digit || (is_hex && (body & BODY_HEX) != 0) || (is_letter && (body & BODY_WORD) != 0);
}

static size_t skip(struct slice text, size_t at, unsigned body)
{
    while (at < text.len && is_body(text.at[at], body)) {
        at++;
    }
    return at;
}

static size_t skip_dollars(struct slice text, size_t at)
{
    size_t end = at;
    while (end < text.len && text.at[end] == '$' && end < at + 2) {
        end++;
    }
    return end;
}

/* "_" and digits, as a whole. */
static size_t skip_number(struct slice text, size_t at)
{
    size_t end = at < text.len && text.at[at] == '_' ? skip(text, at + 1, BODY_DIGITS) : at;
    return end > at + 1 ? end : at;
}

/* What is made up ends here; `from` itself when there is nothing of it. */
static size_t body_end(struct slice text, size_t from, unsigned body)
{
    if ((body & BODY_SEAM) != 0) {
        bool has_seam = slice_starts(slice_from(text, from), SLICE("_seam"));
        return skip_number(text, from + (has_seam ? 5 : 0));
    }
    size_t end = skip(text, from, body);
    MUST(end >= from && end <= text.len);
    return end > from && (body & BODY_NUMBERED) != 0 ? skip_number(text, end) : end;
}

/* Where what is made up begins, behind the mark at `mark`; 0 when it is none of `row`. */
static size_t body_start(struct slice name, size_t mark, const struct made *row)
{
    size_t at = mark + row->mark.len;
    size_t word = row->has_word ? skip(name, at, BODY_WORD) : at;
    size_t end = row->has_end ? skip_dollars(name, word) : word;
    bool is_bare = (row->has_word && word == at) || (row->has_end && end == word);
    return is_bare ? 0 : end;
}

/* `name` with each place that `row` knows of replaced by "<auto>"; itself when there is none. */
static struct slice clean(struct arena *arena, struct slice name, const struct made *row)
{
    struct slice done = slice_of(name.at, 0);
    for (;;) {
        size_t mark = slice_search(name, row->mark);
        if (mark == name.len) {
            break;
        }
        size_t from = body_start(name, mark, row);
        size_t end = from != 0 ? body_end(name, from, row->body) : 0;
        bool is_made = end > from || (from != 0 && (row->body & BODY_SEAM) != 0);
        size_t next = is_made ? end : mark + row->mark.len;
        MUST(next > mark && next <= name.len);
        struct slice parts[] = {done, slice_head(name, is_made ? from : next),
                                is_made ? SLICE("<auto>") : SLICE("")};
        struct slice joined = arena_concat(arena, parts, 3);
        if (joined.len == 0) {
            break;
        }
        done = joined;
        name = slice_from(name, next);
    }
    struct slice parts[] = {done, name};
    struct slice whole = done.len != 0 ? arena_concat(arena, parts, 2) : name;
    return whole.len != 0 ? whole : name;
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
    bool is_accessor = slice_search(module, SLICE("sun.reflect.")) < module.len;
    bool may_be_made = slice_find(module, '$') < module.len;
    for (size_t i = 0; (is_accessor || may_be_made) && i < sizeof(rows) / sizeof(rows[0]); i++) {
        module = clean(arena, module, &rows[i]);
    }
    return module;
}
