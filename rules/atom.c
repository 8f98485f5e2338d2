/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/atom.h"
#include "ingest/base/hash.h"
#include "ingest/base/must.h"
#include "rules/grow.h"
#include <stdlib.h>

static uint64_t hash_atom(const struct atom *atom)
{
    const uint32_t head[] = {(uint32_t)atom->op,
                             atom->field,
                             atom->other,
                             (uint32_t)atom->match,
                             (uint32_t)atom->compare,
                             (uint32_t)atom->part,
                             atom->regex_flags,
                             (uint32_t)atom->prefix_bits,
                             (uint32_t)atom->is_cased};
    uint64_t hash = hash_fnv1a(HASH_FNV1A_START, slice_of((const char *)head, sizeof(head)));
    hash = hash_fnv1a(hash, slice_of((const char *)atom->address, sizeof(atom->address)));
    hash = hash_fnv1a(hash, slice_of((const char *)&atom->number, sizeof(atom->number)));
    return hash_fnv1a(hash, atom->text);
}

static bool is_same(const struct atom *a, const struct atom *b)
{
    return a->op == b->op && a->field == b->field && a->other == b->other && a->match == b->match &&
           a->compare == b->compare && a->part == b->part && a->regex_flags == b->regex_flags &&
           a->prefix_bits == b->prefix_bits && a->is_cased == b->is_cased &&
           memcmp(a->address, b->address, 16) == 0 &&
           memcmp(&a->number, &b->number, sizeof(a->number)) == 0 && slice_eq(a->text, b->text);
}

/* The place of an equal atom, or the free place a new one takes. */
static uint32_t *place(const struct atoms *atoms, const struct atom *proto)
{
    uint32_t mask = atoms->table_size - 1;
    uint32_t i = (uint32_t)hash_atom(proto) & mask;
    while (atoms->table[i] != 0 && !is_same(&atoms->at[atoms->table[i] - 1], proto)) {
        i = (i + 1) & mask;
    }
    return &atoms->table[i];
}

uint32_t atoms_find(const struct atoms *atoms, const struct atom *proto)
{
    return atoms->table_size != 0 ? *place(atoms, proto) - 1 : ATOM_NONE;
}

static bool widen(struct atoms *atoms)
{
    if (atoms->count * 2 < atoms->table_size) {
        return true;
    }
    uint32_t size = atoms->table_size != 0 ? atoms->table_size * 2 : 1024;
    uint32_t *table = ARENA_ARRAY(atoms->arena, size, uint32_t);
    if (table == NULL) {
        return false;
    }
    atoms->table = table;
    atoms->table_size = size;
    for (uint32_t i = 0; i < atoms->count; i++) {
        *place(atoms, &atoms->at[i]) = i + 1;
    }
    return true;
}

/* A pattern's parts once more, their texts in the arena of the atoms. */
static bool keep_texts(struct arena *arena, struct atom *atom)
{
    atom->text = arena_copy(arena, atom->text);
    struct part *parts = ARENA_ARRAY(arena, atom->pattern.count + 1u, struct part);
    if (parts == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < atom->pattern.count; i++) {
        parts[i] = (struct part){atom->pattern.parts[i].kind,
                                 arena_copy(arena, atom->pattern.parts[i].text)};
    }
    atom->pattern.parts = parts;
    return !arena->exhausted;
}

uint32_t atoms_add(struct atoms *atoms, const struct atom *proto)
{
    MUST(proto->op != ATOM_REGEX || proto->regex != NULL);
    uint32_t known = atoms_find(atoms, proto);
    if (known != ATOM_NONE) {
        MUST(proto->op != ATOM_REGEX); /* who adds one has looked first */
        return known;
    }
    struct atom *at = grow(atoms->arena, atoms->at, atoms->count, &atoms->room, sizeof(*at));
    if (at == NULL || !widen(atoms)) {
        return ATOM_NONE;
    }
    atoms->at = at;
    at[atoms->count] = *proto;
    at[atoms->count].uses = 0;
    if (!keep_texts(atoms->arena, &at[atoms->count])) {
        return ATOM_NONE;
    }
    *place(atoms, proto) = atoms->count + 1;
    return atoms->count++;
}

/* The parts as one text that no other parts have: for comparing patterns. */
static struct slice spell(struct arena *arena, struct pattern pattern)
{
    struct slice out = {NULL, 0};
    struct slice *pieces = ARENA_ARRAY(arena, (size_t)pattern.count * 2 + 1, struct slice);
    if (pieces == NULL) {
        return out;
    }
    static const char *const marks[] = {"\x01t", "\x01*", "\x01?", "\x01-"};
    for (uint32_t i = 0; i < pattern.count; i++) {
        pieces[2 * i] = slice_str(marks[pattern.parts[i].kind]);
        pieces[2 * i + 1] = pattern.parts[i].text;
    }
    return arena_concat(arena, pieces, (size_t)pattern.count * 2);
}

void atom_of_pattern(struct arena *arena, struct pattern pattern, struct atom *proto)
{
    struct pattern folded = proto->is_cased ? pattern : pattern_fold(arena, pattern);
    const struct part *parts = folded.parts;
    uint32_t first = 0;
    uint32_t last = folded.count;
    while (first < last && parts[first].kind == PART_ANY) {
        first++;
    }
    while (last > first && parts[last - 1].kind == PART_ANY) {
        last--;
    }
    bool open_start = first > 0;
    bool open_end = last < folded.count;
    proto->text = slice_of(NULL, 0);
    if (first == last) {
        proto->op = open_start || open_end ? ATOM_ANY : ATOM_EXACT;
        proto->is_cased = false;
        return;
    }
    if (last - first == 1 && parts[first].kind == PART_TEXT) {
        proto->text = parts[first].text;
        proto->op = open_start ? (open_end ? ATOM_CONTAINS : ATOM_SUFFIX)
                               : (open_end ? ATOM_PREFIX : ATOM_EXACT);
        return;
    }
    proto->op = ATOM_PATTERN;
    proto->pattern = folded;
    proto->text = spell(arena, folded);
}
