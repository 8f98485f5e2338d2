/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/scrub_tree.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"

#define LIMIT_RULE "!limit"
#define CUT        "..."

static void visit(struct scrub_walk *walk, const struct meta_place *place, struct value *value,
                  const struct scrub_how *how, uint32_t levels);

static void set_text(struct value *value, struct slice text)
{
    value->kind = VALUE_STRING;
    value->count = 0;
    value->of.text = text;
}

void scrub_remove(struct scrub_walk *walk, const struct meta_place *place, struct value *value,
                  const char *rule)
{
    walk->changes++;
    value->kind = VALUE_NULL;
    value->count = 0;
    value->of.children.first = value->of.children.last = NULL;
    value->of.text = slice_of(NULL, 0);
    meta_note(&walk->meta, place, &(struct meta_remark){rule, META_REMOVED, 0, 0}, 0);
}

void scrub_replace(struct scrub_walk *walk, const struct meta_place *place, struct value *value,
                   enum scrub_reason reason)
{
    MUST(reason != SCRUB_NONE);
    if (value->kind == VALUE_LIST && value->count > 0) {
        scrub_remove(walk, place, value, scrub_reason_name(reason));
        return;
    }
    bool is_text = value->kind == VALUE_STRING || value->kind == VALUE_NUMBER;
    if (!is_text || value->of.text.len == 0 || slice_eq(value->of.text, SLICE(SCRUB_FILTERED))) {
        return;
    }
    const struct meta_remark remark = {scrub_reason_name(reason), META_SUBSTITUTED, 0,
                                       sizeof(SCRUB_FILTERED) - 1};
    meta_note(&walk->meta, place, &remark, meta_characters(value->of.text));
    set_text(value, SLICE(SCRUB_FILTERED));
    walk->changes++;
}

/* ---- one text ---- */

static void scrub_one(struct scrub_walk *walk, const struct meta_place *place, struct value *value,
                      enum scrub_depth depth)
{
    struct scrub_rewrite rewrite;
    if (!scrub_text(walk->arena, walk->rules, value->of.text, depth, &rewrite)) {
        return;
    }
    size_t length = meta_characters(value->of.text);
    for (uint32_t i = 0; i < rewrite.count; i++) {
        const struct scrub_span *span = &rewrite.remarks[i];
        const struct meta_remark remark = {scrub_reason_name(span->reason), META_SUBSTITUTED,
                                           span->from, span->to};
        meta_note(&walk->meta, place, &remark, length);
    }
    set_text(value, rewrite.text);
    walk->changes++;
    walk->source_changes += depth == SCRUB_SOURCE;
}

static void trim_text(struct scrub_walk *walk, const struct meta_place *place, struct value *value,
                      size_t max)
{
    struct slice text = value->of.text;
    if (text.len <= max) {
        walk->room -= text.len < walk->room ? text.len : walk->room;
        return;
    }
    walk->trims++;
    if (value->kind == VALUE_NUMBER || max < sizeof(CUT)) {
        scrub_remove(walk, place, value, LIMIT_RULE);
        return;
    }
    struct slice kept = slice_cut_utf8(text, max - 3);
    const struct meta_remark remark = {LIMIT_RULE, META_SUBSTITUTED, kept.len, kept.len + 3};
    meta_note(&walk->meta, place, &remark, meta_characters(text));
    set_text(value, arena_concat(walk->arena, (struct slice[]){kept, SLICE(CUT)}, 2));
    walk->changes++;
    walk->room -= kept.len + 3 < walk->room ? kept.len + 3 : walk->room;
}

static void visit_text(struct scrub_walk *walk, const struct meta_place *place, struct value *value,
                       const struct scrub_how *how)
{
    bool is_number = value->kind == VALUE_NUMBER;
    if (!is_number || value->of.text.len >= 13) { /* a card has 13 digits */
        scrub_one(walk, place, value, is_number ? SCRUB_MESSAGE : how->depth);
    }
    trim_text(walk, place, value, how->text_max < walk->room ? how->text_max : walk->room);
}

/* ---- lists and maps ---- */

/* Takes off what comes after `last`, the `kept`th child; NULL: all of them. */
static void cut_after(struct scrub_walk *walk, const struct meta_place *place, struct value *parent,
                      struct value *last, uint32_t kept)
{
    MUST(kept < parent->count);
    meta_note_length(&walk->meta, place, parent->count);
    walk->trims++;
    walk->changes++;
    parent->count = kept;
    parent->of.children.last = last;
    if (last == NULL) {
        parent->of.children.first = NULL;
    } else {
        last->next = NULL;
    }
}

/* By its name: true when nothing else is to be done with it. */
static bool visit_named(struct scrub_walk *walk, const struct meta_place *place, struct slice name,
                        struct value *value, const struct scrub_how *how)
{
    if (scrub_is_safe(walk->rules, name)) {
        return true;
    }
    enum scrub_reason reason = how->names == NAMES_COOKIES ? scrub_cookie_name(walk->rules, name)
                                                           : scrub_name(walk->rules, name);
    if (reason != SCRUB_NONE) {
        scrub_replace(walk, place, value, reason);
        return value->kind != VALUE_MAP;
    }
    return false;
}

static void visit_header(struct scrub_walk *walk, const struct meta_place *place, struct slice name,
                         struct value *value, const struct scrub_how *how, uint32_t levels)
{
    struct scrub_how plain = *how;
    bool is_agent = slice_eq_nocase(name, SLICE("user-agent"));
    bool is_cookie =
        slice_eq_nocase(name, SLICE("cookie")) || slice_eq_nocase(name, SLICE("set-cookie"));
    if (is_cookie) {
        plain.depth = SCRUB_COOKIES;
        plain.names = NAMES_COOKIES;
        visit(walk, place, value, &plain, levels);
    } else if (is_agent && !walk->rules->remove_addresses) { /* "120.0.0.0" is a version there */
        plain.depth = SCRUB_MESSAGE;
        visit(walk, place, value, &plain, levels);
    } else if (!is_agent && !visit_named(walk, place, name, value, how)) {
        visit(walk, place, value, how, levels);
    }
}

static void visit_pair(struct scrub_walk *walk, const struct meta_place *place, struct slice name,
                       struct value *value, const struct scrub_how *how, uint32_t levels)
{
    if (how->names == NAMES_HEADERS) {
        visit_header(walk, place, name, value, how, levels);
    } else if (how->names == NAMES_IGNORED || !visit_named(walk, place, name, value, how)) {
        visit(walk, place, value, how, levels);
    }
}

/* The value of {"key": …, "value": …}, which goes by what the key says. NULL when it is none. */
static struct value *keyed_value(struct value *map, struct slice *name)
{
    const struct value *key = value_get(map, SLICE("key"));
    key = key != NULL ? key : value_get(map, SLICE("name"));
    struct value *value = value_is(key, VALUE_STRING) ? scrub_member(map, SLICE("value")) : NULL;
    *name = value_string(key);
    return value;
}

static void visit_map(struct scrub_walk *walk, const struct meta_place *place, struct value *map,
                      const struct scrub_how *how, uint32_t levels)
{
    struct value *last = NULL;
    uint32_t kept = 0;
    struct slice name = slice_of(NULL, 0);
    struct value *keyed =
        how->names != NAMES_IGNORED && map->count <= 4 ? keyed_value(map, &name) : NULL;
    for (struct value *at = map->of.children.first; at != NULL; at = at->next, kept++) {
        if (at->key.len > walk->room || walk->room == 0) {
            cut_after(walk, place, map, last, kept);
            return;
        }
        walk->room -= at->key.len;
        const struct meta_place member = {.up = place, .key = at->key};
        visit_pair(walk, &member, at == keyed ? name : at->key, at, how, levels);
        last = at;
    }
}

/* [name, value] with a name that is a text. */
static bool is_pair(const struct value *value)
{
    return value->kind == VALUE_LIST && value->count == 2 &&
           value_is(value_first(value), VALUE_STRING);
}

static void visit_list(struct scrub_walk *walk, const struct meta_place *place, struct value *list,
                       const struct scrub_how *how, uint32_t levels)
{
    struct meta_place entry = {.up = place, .is_entry = true};
    struct value *last = NULL;
    for (struct value *at = list->of.children.first; at != NULL; at = at->next, entry.index++) {
        if (walk->room == 0) {
            cut_after(walk, place, list, last, entry.index);
            return;
        }
        if (how->names != NAMES_IGNORED && is_pair(at)) {
            const struct meta_place second = {.up = &entry, .index = 1, .is_entry = true};
            const struct meta_place first = {.up = &entry, .index = 0, .is_entry = true};
            struct value *name = at->of.children.first;
            visit_pair(walk, &second, name->of.text, name->next, how, levels);
            scrub_one(walk, &first, name, SCRUB_MESSAGE);
            trim_text(walk, &first, name, walk->room);
        } else {
            visit(walk, &entry, at, how, levels);
        }
        last = at;
    }
}

static void visit(struct scrub_walk *walk, const struct meta_place *place, struct value *value,
                  const struct scrub_how *how, uint32_t levels)
{
    switch (value->kind) {
    case VALUE_NULL:
    case VALUE_FALSE:
    case VALUE_TRUE:
        return;
    case VALUE_NUMBER:
    case VALUE_STRING:
        visit_text(walk, place, value, how);
        return;
    case VALUE_LIST:
    case VALUE_MAP:
        break;
    }
    if (value->count == 0) {
        return;
    }
    if (levels == 0) {
        walk->trims++;
        scrub_remove(walk, place, value, LIMIT_RULE);
    } else if (value->kind == VALUE_MAP) {
        visit_map(walk, place, value, how, levels - 1);
    } else {
        visit_list(walk, place, value, how, levels - 1);
    }
}

void scrub_part(struct scrub_walk *walk, const struct meta_place *place, struct value *value,
                const struct scrub_how *how)
{
    MUST(how->text_max > sizeof(CUT) && how->bytes_max >= how->text_max);
    walk->room = how->bytes_max;
    visit(walk, place, value, how, how->levels);
}

void scrub_trim_list(struct scrub_walk *walk, const struct meta_place *place, struct value *list,
                     uint32_t first, uint32_t last)
{
    uint32_t total = list->count;
    uint32_t index = 0;
    struct value *before = NULL;
    if (list->kind != VALUE_LIST || total <= first + last) {
        return;
    }
    meta_note_length(&walk->meta, place, total);
    walk->trims++;
    walk->changes++;
    for (struct value *at = list->of.children.first; at != NULL; at = at->next, index++) {
        if (index >= first && index < total - last) {
            continue;
        }
        if (before == NULL) {
            list->of.children.first = at;
        } else {
            before->next = at;
        }
        before = at;
    }
    MUST(before != NULL);
    before->next = NULL;
    list->of.children.last = before;
    list->count = first + last;
}
