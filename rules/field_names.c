/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "rules/fields.h"
#include "rules/grow.h"
#include "rules/hash_tail.h"
#include "rules/taxonomy.h"

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
    return hash ^ (hash >> 29);
}

static uint64_t hash_edge(uint32_t parent, struct slice key)
{
    uint64_t hash = mix(key.len + 1, parent);
    size_t i = 0;
    for (; i + 8 <= key.len; i += 8) {
        uint64_t word;
        memcpy(&word, key.at + i, sizeof(word));
        hash = mix(hash, word);
    }
    return mix(hash, hash_tail(key));
}

/* The place of an edge, or the free place it would take. */
static struct field_edge *place(const struct field_names *names, uint32_t parent, struct slice key)
{
    uint32_t mask = names->edge_room - 1;
    uint32_t i = (uint32_t)hash_edge(parent, key) & mask;
    for (;;) {
        struct field_edge *edge = &names->edges[i];
        if (edge->node == 0 || (edge->parent == parent && slice_eq(edge->key, key))) {
            return edge;
        }
        i = (i + 1) & mask;
    }
}

uint32_t field_names_step(const struct field_names *names, uint32_t parent, struct slice key)
{
    return place(names, parent, key)->node;
}

static uint32_t new_node(struct field_names *names)
{
    struct field_node *nodes =
        grow(names->arena, names->nodes, names->node_count, &names->node_room, sizeof(*nodes));
    if (nodes == NULL) {
        return 0;
    }
    names->nodes = nodes;
    nodes[names->node_count] = (struct field_node){.field = FIELD_NONE};
    return names->node_count++;
}

/* Twice the places, so that half are always free. */
static bool widen(struct field_names *names)
{
    if (names->edge_count * 2 < names->edge_room) {
        return true;
    }
    struct field_edge *old = names->edges;
    uint32_t old_room = names->edge_room;
    struct field_edge *edges = ARENA_ARRAY(names->arena, (size_t)old_room * 2, struct field_edge);
    if (edges == NULL) {
        return false;
    }
    names->edges = edges;
    names->edge_room = old_room * 2;
    for (uint32_t i = 0; i < old_room; i++) {
        if (old[i].node != 0) {
            *place(names, old[i].parent, old[i].key) = old[i];
        }
    }
    return true;
}

/* The child of `parent` under `key`, made when it is not there; 0 when the arena is full. */
static uint32_t step_new(struct field_names *names, uint32_t parent, struct slice key)
{
    uint32_t known = field_names_step(names, parent, key);
    if (known != 0) {
        return known;
    }
    uint32_t node = widen(names) ? new_node(names) : 0;
    if (node != 0) {
        *place(names, parent, key) = (struct field_edge){key, parent, node};
        names->edge_count++;
        names->nodes[parent].has_children = true;
    }
    return node;
}

/* The nodes of the flat key and of the dotted path lead to the same field. */
static bool link_paths(struct field_names *names, struct slice name, uint32_t field)
{
    uint32_t flat = step_new(names, 0, name);
    if (flat == 0) {
        return false;
    }
    names->nodes[flat].field = field;
    uint32_t node = 0;
    struct slice rest = name;
    while (slice_find(rest, '.') != rest.len) {
        node = step_new(names, node, slice_head(rest, slice_find(rest, '.')));
        if (node == 0) {
            return false;
        }
        rest = slice_from(rest, slice_find(rest, '.') + 1);
    }
    node = step_new(names, node, rest);
    if (node != 0) {
        names->nodes[node].field = field;
    }
    return node != 0;
}

uint32_t field_names_add(struct field_names *names, struct slice name)
{
    uint32_t node = field_names_step(names, 0, name);
    if (node != 0 && names->nodes[node].field != FIELD_NONE) {
        return names->nodes[node].field;
    }
    struct slice *list =
        grow(names->arena, names->names, names->count, &names->room, sizeof(*list));
    struct slice kept = arena_copy(names->arena, name);
    if (list == NULL || names->arena->exhausted) {
        return FIELD_NONE;
    }
    names->names = list;
    list[names->count] = kept;
    if (!link_paths(names, kept, names->count)) {
        return FIELD_NONE;
    }
    return names->count++;
}

bool field_names_init(struct field_names *names, struct arena *arena)
{
    *names = (struct field_names){.arena = arena, .edge_room = 1024};
    names->edges = ARENA_ARRAY(arena, names->edge_room, struct field_edge);
    if (names->edges == NULL) {
        return false;
    }
    (void)new_node(names); /* the root */
    names->names = grow(arena, NULL, 0, &names->room, sizeof(struct slice));
    if (names->names == NULL || names->node_count != 1) {
        return false;
    }
    names->names[names->count++] = slice_of(NULL, 0);
    return true;
}

void field_names_link(struct field_names *names)
{
    names->aliases = ARENA_ARRAY(names->arena, names->count, struct field_alias);
    for (uint32_t i = 1; i < names->count && names->aliases != NULL; i++) {
        const struct taxonomy_row *row = taxonomy_find(names->names[i]);
        if (row != NULL) {
            names->aliases[names->alias_count++] = (struct field_alias){i, row};
        }
    }
}
