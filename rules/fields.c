/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/fields.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "rules/fold.h"
#include "rules/taxonomy.h"
#include <math.h>

static struct field_slot *touch(struct fields *fields, uint32_t field)
{
    struct field_slot *slot = &fields->slots[field];
    if (!slot->is_present) {
        slot->is_present = true;
        fields->present[fields->present_count++] = field;
    }
    return slot;
}

static void add_folded(struct fields *fields, uint32_t field, struct slice text,
                       struct slice folded)
{
    struct field_slot *slot = touch(fields, field);
    struct field_value *value = arena_alloc_raw(fields->arena, sizeof(*value));
    if (value == NULL) {
        return;
    }
    *value = (struct field_value){text, folded, NULL};
    if (slot->last != NULL) {
        slot->last->next = value;
    } else {
        slot->first = value;
    }
    slot->last = value;
}

void fields_add_text(struct fields *fields, uint32_t field, struct slice text)
{
    add_folded(fields, field, text, fold_text(fields->arena, text));
}

/* The walks over an event meet its texts in one order, so a text that keywords search is found at
 * or after the one found last. */
static void add_known(struct fields *fields, uint32_t field, struct slice text)
{
    const struct field_value *at = fields->known;
    while (at != NULL && (at->raw.at != text.at || at->raw.len != text.len)) {
        at = at->next;
    }
    fields->known = at;
    add_folded(fields, field, text, at != NULL ? at->folded : fold_text(fields->arena, text));
}

/* -?(0|[1-9][0-9]*): what we and everyone write for an integer. */
static bool is_plain_integer(struct slice text)
{
    size_t i = text.len != 0 && text.at[0] == '-' ? 1 : 0;
    if (i == text.len || (text.at[i] == '0' && text.len != 1)) {
        return false;
    }
    for (; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9') {
            return false;
        }
    }
    return true;
}

size_t fields_plain_number(struct slice text, char out[static 40])
{
    double number = 0;
    struct value value = {.kind = VALUE_NUMBER, .of.text = text};
    if (is_plain_integer(text) || !value_real(&value, &number)) {
        return 0;
    }
    int length = 0;
    if (number == floor(number) && fabs(number) < 9007199254740992.0) {
        length = snprintf(out, 40, "%lld", (long long)number);
    } else {
        for (int digits = 15; digits <= 17; digits++) {
            length = snprintf(out, 40, "%.*g", digits, number);
            if (strtod(out, NULL) == number) {
                break;
            }
        }
    }
    MUST(length > 0 && length < 40);
    return slice_eq(text, slice_of(out, (size_t)length)) ? 0 : (size_t)length;
}

void fields_add_number(struct fields *fields, uint32_t field, struct slice text)
{
    char plain[40];
    add_known(fields, field, text);
    size_t length = fields_plain_number(text, plain);
    if (length != 0) {
        struct slice kept = arena_copy(fields->arena, slice_of(plain, length));
        fields_add_text(fields, field, kept);
    }
}

void fields_add_null(struct fields *fields, uint32_t field)
{
    touch(fields, field)->has_null = true;
}

static void add_scalar(struct fields *fields, uint32_t field, const struct value *value)
{
    switch (value->kind) {
    case VALUE_NULL:
        fields_add_null(fields, field);
        return;
    case VALUE_NUMBER:
        fields_add_number(fields, field, value->of.text);
        return;
    case VALUE_STRING:
        add_known(fields, field, value->of.text);
        return;
    case VALUE_TRUE:
    case VALUE_FALSE:
        fields_add_text(fields, field, value_text(value));
        return;
    case VALUE_MAP:
    case VALUE_LIST:
        (void)touch(fields, field);
        return;
    }
}

void fields_add_value(struct fields *fields, uint32_t field, const struct value *value)
{
    if (value->kind != VALUE_LIST) {
        add_scalar(fields, field, value);
        return;
    }
    (void)touch(fields, field);
    for (const struct value *at = value_first(value); at != NULL; at = at->next) {
        add_scalar(fields, field, at);
    }
}

void fields_reset(struct fields *fields)
{
    for (uint32_t i = 0; i < fields->present_count; i++) {
        fields->slots[fields->present[i]] = (struct field_slot){0};
    }
    fields->present_count = 0;
    fields->joined = slice_of(NULL, 0);
    fields->known = NULL;
}

/* ---- filling from a subject ---- */

/* Open containers on the way down, with the place of each in the trie. */
struct walk {
    const struct value *at[JSON_DEPTH_MAX];
    uint32_t node[JSON_DEPTH_MAX];
    uint32_t depth;
};

/* Goes into a map (or the maps of a list) below `node`, when some name leads there. */
static void enter(const struct field_names *names, struct walk *walk, const struct value *value,
                  uint32_t node)
{
    if ((value->kind == VALUE_MAP || value->kind == VALUE_LIST) && value_first(value) != NULL &&
        names->nodes[node].has_children && walk->depth < JSON_DEPTH_MAX) {
        walk->at[walk->depth] = value_first(value);
        walk->node[walk->depth++] = node;
    }
}

/* A key with dots in it counts as so many steps: {"a": {"b.c": 1}} has the path a.b.c. */
static uint32_t step_dotted(const struct field_names *names, uint32_t above, struct slice key)
{
    uint32_t node = above;
    while (slice_find(key, '.') != key.len) {
        node = field_names_step(names, node, slice_head(key, slice_find(key, '.')));
        key = slice_from(key, slice_find(key, '.') + 1);
        if (node == 0) {
            return 0;
        }
    }
    return node != above ? field_names_step(names, node, key) : 0;
}

/* One key met under `node`: its field, if a rule uses it, and what lies below. */
static void meet(const struct field_names *names, struct fields *fields, struct walk *walk,
                 const struct value *member)
{
    uint32_t above = walk->node[walk->depth - 1];
    if (above == 0 && member->kind != VALUE_MAP && member->kind != VALUE_LIST) {
        return; /* a flat key, seen already */
    }
    if (member->key.at == NULL) { /* in a list: the same place of the path */
        enter(names, walk, member, above);
        return;
    }
    uint32_t node = field_names_step(names, above, member->key);
    if (node == 0) {
        node = step_dotted(names, above, member->key);
    }
    if (node == 0) {
        return;
    }
    uint32_t field = names->nodes[node].field;
    if (above != 0 && field != FIELD_NONE && !fields->slots[field].is_final) {
        fields_add_value(fields, field, member);
    }
    enter(names, walk, member, node);
}

static void fill_paths(const struct field_names *names, struct fields *fields,
                       const struct value *root)
{
    struct walk walk = {.depth = 0};
    fields->known = fields->joined.len != 0 ? fields->slots[FIELD_KEYWORDS].first : NULL;
    enter(names, &walk, root, 0);
    while (walk.depth > 0) {
        const struct value *member = walk.at[walk.depth - 1];
        if (member == NULL) {
            walk.depth--;
            continue;
        }
        walk.at[walk.depth - 1] = member->next;
        meet(names, fields, &walk, member);
    }
}

static void fill_flat(const struct field_names *names, struct fields *fields,
                      const struct value *root)
{
    fields->known = fields->joined.len != 0 ? fields->slots[FIELD_KEYWORDS].first : NULL;
    for (const struct value *at = value_first(root); at != NULL; at = at->next) {
        uint32_t node = field_names_step(names, 0, at->key);
        uint32_t field = node != 0 ? names->nodes[node].field : FIELD_NONE;
        if (field != FIELD_NONE && !fields->slots[field].is_final) {
            fields_add_value(fields, field, at);
            fields->slots[field].is_final = true;
        }
    }
}

/* A walk over every string and number at any depth. */
struct strings {
    const struct value *open[JSON_DEPTH_MAX];
    uint32_t depth;
};

static const struct value *next_string(struct strings *walk)
{
    while (walk->depth > 0) {
        const struct value *at = walk->open[walk->depth - 1];
        if (at == NULL) {
            walk->depth--;
            continue;
        }
        walk->open[walk->depth - 1] = at->next;
        if (at->kind == VALUE_STRING || at->kind == VALUE_NUMBER) {
            return at;
        }
        if (value_first(at) != NULL && walk->depth < JSON_DEPTH_MAX) {
            walk->open[walk->depth++] = value_first(at);
        }
    }
    return NULL;
}

/* Each folded behind the one before, so that one scan goes over all. */
static void fill_strings(struct fields *fields, const struct value *root)
{
    struct strings walk = {{value_first(root)}, 1};
    size_t room = 0;
    for (const struct value *at; (at = next_string(&walk)) != NULL;) {
        room += at->of.text.len * FOLD_GROWTH_MAX + 1;
    }
    char *out = arena_bytes(fields->arena, room);
    size_t used = 0;
    walk = (struct strings){{value_first(root)}, 1};
    for (const struct value *at; out != NULL && (at = next_string(&walk)) != NULL;) {
        size_t length = fold_into(at->of.text, out + used);
        add_folded(fields, FIELD_KEYWORDS, at->of.text, slice_of(out + used, length));
        out[used + length] = '\0';
        used += length + 1;
    }
    MUST(used <= room);
    fields->joined = slice_of(out, used);
}

static void fill_event(const struct field_names *names, struct fields *fields,
                       const struct event *event)
{
    for (uint32_t i = 0; i < names->alias_count; i++) {
        uint32_t field = names->aliases[i].field;
        taxonomy_add(names->aliases[i].row, event, names->names[field], fields, field);
        fields->slots[field].is_final = fields->slots[field].is_present;
    }
    if (event->root != NULL) {
        fill_flat(names, fields, event->root);
        fill_paths(names, fields, event->root);
    }
    if (names->has_keywords && !fields->skips_keywords) {
        taxonomy_add_text(event, fields);
    }
}

static void fill_pairs(const struct field_names *names, struct fields *fields,
                       const struct subject *subject)
{
    for (uint32_t i = 0; i < subject->pair_count; i++) {
        const struct subject_pair *pair = &subject->of.pairs[i];
        uint32_t node = field_names_step(names, 0, pair->name);
        uint32_t field = node != 0 ? names->nodes[node].field : FIELD_NONE;
        if (field != FIELD_NONE) {
            fields_add_text(fields, field, pair->value);
        }
        if (names->has_keywords && !fields->skips_keywords) {
            fields_add_text(fields, FIELD_KEYWORDS, pair->value);
        }
    }
}

void fields_fill(const struct field_names *names, struct fields *fields,
                 const struct subject *subject)
{
    MUST(fields->present_count == 0 && subject->arena != NULL);
    fields->arena = subject->arena;
    switch (subject->kind) {
    case SUBJECT_VALUE:
        if (names->has_keywords && !fields->skips_keywords) {
            fill_strings(fields, subject->of.value);
        }
        fill_flat(names, fields, subject->of.value);
        fill_paths(names, fields, subject->of.value);
        return;
    case SUBJECT_EVENT:
        fill_event(names, fields, subject->of.event);
        return;
    case SUBJECT_PAIRS:
        fill_pairs(names, fields, subject);
        return;
    }
    NEVER("subject kind outside its enum");
}
