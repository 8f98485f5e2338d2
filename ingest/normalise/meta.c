/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/meta.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <stdio.h>

#define INDEX_TEXT_BYTES 12u

static struct slice index_text(uint32_t index, char out[static INDEX_TEXT_BYTES])
{
    int length = snprintf(out, INDEX_TEXT_BYTES, "%u", index);
    MUST(length > 0 && length < (int)INDEX_TEXT_BYTES);
    return slice_of(out, (size_t)length);
}

/* The member `key` of `map`, made as a map when there is none. NULL without memory. */
static struct value *enter(struct arena *arena, struct value *map, struct slice key)
{
    if (map == NULL) {
        return NULL;
    }
    MUST(map->kind == VALUE_MAP);
    for (struct value *at = map->of.children.first; at != NULL; at = at->next) {
        if (at->kind == VALUE_MAP && slice_eq(at->key, key)) {
            return at;
        }
    }
    struct value *made = value_new(arena, VALUE_MAP);
    value_append(map, key.len != 0 ? arena_copy(arena, key) : SLICE(""), made);
    return made;
}

/* The map of `place`, made with all above it. As deep as the document is. */
static struct value *reach(struct meta *meta, const struct meta_place *place)
{
    char text[INDEX_TEXT_BYTES];
    if (place == NULL) {
        if (meta->root == NULL) {
            meta->root = value_new(meta->arena, VALUE_MAP);
        }
        return meta->root;
    }
    if (!place->is_entry && place->key.len == 0) {
        return NULL; /* the empty name is the notes' own: of such a member nothing can be told */
    }
    struct slice key = place->is_entry ? index_text(place->index, text) : place->key;
    return enter(meta->arena, reach(meta, place->up), key);
}

static void add_number(struct arena *arena, struct value *parent, struct slice key, size_t number)
{
    struct value *value = value_new(arena, VALUE_NUMBER);
    if (value != NULL) {
        value->of.text = arena_printf(arena, "%zu", number);
    }
    value_append(parent, key, value);
}

static void add_length(struct meta *meta, struct value *about, size_t length)
{
    if (about != NULL && value_get(about, SLICE("len")) == NULL) {
        add_number(meta->arena, about, SLICE("len"), length);
    }
}

static struct value *about_place(struct meta *meta, const struct meta_place *place)
{
    return enter(meta->arena, reach(meta, place), SLICE(""));
}

/* The list of remarks, made when there is none. */
static struct value *remarks_of(struct meta *meta, struct value *about)
{
    for (struct value *at = about->of.children.first; at != NULL; at = at->next) {
        if (at->kind == VALUE_LIST && slice_eq(at->key, SLICE("rem"))) {
            return at;
        }
    }
    struct value *list = value_new(meta->arena, VALUE_LIST);
    value_append(about, SLICE("rem"), list);
    return list;
}

void meta_note(struct meta *meta, const struct meta_place *place, const struct meta_remark *remark,
               size_t length)
{
    struct arena *arena = meta->arena;
    struct value *about = about_place(meta, place);
    if (about == NULL) {
        return;
    }
    MUST(remark->from <= remark->to);
    struct value *one = value_new(arena, VALUE_LIST);
    value_append(one, SLICE(""), value_new_string(arena, slice_str(remark->rule)));
    value_append(one, SLICE(""), value_new_string(arena, slice_str(remark->kind)));
    if (remark->kind[0] != META_REMOVED[0]) {
        add_number(arena, one, SLICE(""), remark->from);
        add_number(arena, one, SLICE(""), remark->to);
    }
    value_append(remarks_of(meta, about), SLICE(""), one);
    if (remark->kind[0] != META_REMOVED[0]) {
        add_length(meta, about, length);
    }
}

void meta_note_length(struct meta *meta, const struct meta_place *place, size_t length)
{
    add_length(meta, about_place(meta, place), length);
}

/* ---- what the sender says ---- */

/* True for a remark of ours or of anyone's: texts and numbers, and few of them. */
static bool is_remark(const struct value *value)
{
    bool is_good = value_is(value, VALUE_LIST) && value->count >= 2 && value->count <= 4;
    for (const struct value *at = value_first(value); at != NULL && is_good; at = at->next) {
        is_good = (at->kind == VALUE_STRING || at->kind == VALUE_NUMBER) &&
                  at->of.text.len <= META_RULE_BYTES_MAX;
    }
    return is_good;
}

static void take_remarks(struct meta *meta, const struct value *list, struct value *about)
{
    uint32_t taken = 0;
    for (const struct value *at = value_first(list); at != NULL && taken < META_REMARKS_MAX;
         at = at->next) {
        struct value *copy = is_remark(at) ? value_new(meta->arena, VALUE_LIST) : NULL;
        if (copy == NULL) {
            continue;
        }
        copy->count = at->count;
        copy->of = at->of;
        value_append(remarks_of(meta, about), SLICE(""), copy);
        taken++;
    }
}

/* What is said of one value: its remarks and its length, never the value itself. */
static void take_about(struct meta *meta, const struct value *sent, struct value *into)
{
    int64_t length = 0;
    struct value *about = enter(meta->arena, into, SLICE(""));
    if (about == NULL) {
        return;
    }
    take_remarks(meta, value_get(sent, SLICE("rem")), about);
    if (value_integer(value_get(sent, SLICE("len")), &length) && length >= 0) {
        add_length(meta, about, (size_t)length);
    }
}

static void take(struct meta *meta, const struct value *sent, struct value *into, unsigned depth)
{
    if (into == NULL || depth == JSON_DEPTH_MAX) {
        return;
    }
    for (const struct value *at = value_first(sent); at != NULL; at = at->next) {
        if (at->kind == VALUE_MAP && at->key.len == 0) {
            take_about(meta, at, into);
        } else if (at->kind == VALUE_MAP) {
            struct value *made = value_new(meta->arena, VALUE_MAP);
            value_append(into, at->key, made);
            take(meta, at, made, depth + 1);
        }
    }
}

void meta_begin(struct meta *meta, struct arena *arena, const struct value *sent)
{
    *meta = (struct meta){.arena = arena};
    if (value_is(sent, VALUE_MAP) && sent->count > 0) {
        take(meta, sent, reach(meta, NULL), 0);
        meta->root = meta->root != NULL && meta->root->count != 0 ? meta->root : NULL;
    }
}

const struct value *meta_member(const struct value *meta, struct slice key)
{
    return value_get(meta, key);
}

const struct value *meta_entry(const struct value *meta, uint32_t index)
{
    char text[INDEX_TEXT_BYTES];
    return meta != NULL ? value_get(meta, index_text(index, text)) : NULL;
}

size_t meta_characters(struct slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        count += ((unsigned char)text.at[i] & 0xc0u) != 0x80u;
    }
    MUST(count <= text.len);
    return count;
}
