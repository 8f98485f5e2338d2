/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "rules/bits.h"
#include "rules/grow.h"
#include "rules/index_build.h"

struct splitter {
    struct compile *c;
    struct entries *entries;
    uint64_t *is_split; /* bit per field */
    uint64_t *is_found; /* bit per atom: a hit in a field that is split is its truth */
};

/* The text of keywords stays whole: it is long, and many events state no category, so that each
 * would be scanned once for every group. */
static bool find_fields(struct splitter *s)
{
    uint32_t *counts = ARENA_ARRAY(s->c->load, s->c->names->count, uint32_t);
    if (counts == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < s->entries->count; i++) {
        const struct needle *needle = &s->entries->at[i].needle;
        counts[needle->field] += needle->kind == NEEDLE_TEXT;
    }
    for (uint32_t i = 0; i < s->c->names->count; i++) {
        if (i != FIELD_KEYWORDS && counts[i] >= INDEX_SPLIT_LITERALS) {
            set_bit(s->is_split, i);
        }
    }
    return true;
}

static void group(struct splitter *s, struct entry *entry)
{
    const struct needle *needle = &entry->needle;
    if (needle->kind != NEEDLE_TEXT || !bit_is_set(s->is_split, needle->field)) {
        entry->group = INDEX_GROUP_ALL;
        return;
    }
    struct atom proto = {.op = ATOM_CONTAINS, .field = needle->field, .text = needle->text};
    uint32_t atom = atoms_find(s->c->atoms, &proto);
    if (atom != ATOM_NONE) {
        set_bit(s->is_found, atom);
    }
}

/* Enters the atoms of a rule that hits settle, so that they are settled for this group too. */
static bool enter(struct splitter *s, const struct node *node, uint32_t of_group)
{
    struct entries *entries = s->entries;
    if (node->kind == NODE_ATOM) {
        const struct atom *atom = &s->c->atoms->at[node->atom];
        if (!bit_is_set(s->is_found, node->atom)) {
            return true;
        }
        MUST(atom->op == ATOM_CONTAINS && !atom->is_cased);
        struct entry *at =
            grow(s->c->load, entries->at, entries->count, &entries->room, sizeof(*at));
        if (at == NULL) {
            return false;
        }
        entries->at = at;
        at[entries->count++] = (struct entry){
            {NEEDLE_TEXT, node->atom, atom->field, atom->text}, of_group, ENTRY_NO_RULE};
        return true;
    }
    bool well = true;
    for (const struct node *at = node->first; at != NULL && well; at = at->next) {
        well = enter(s, at, of_group);
    }
    return well;
}

bool index_split(struct compile *c, const struct rule_tree *rules, uint32_t count,
                 struct entries *entries)
{
    struct splitter s = {c, entries, ARENA_ARRAY(c->load, c->names->count / 64 + 1u, uint64_t),
                         ARENA_ARRAY(c->load, c->atoms->count / 64 + 1u, uint64_t)};
    if (s.is_split == NULL || s.is_found == NULL || !find_fields(&s)) {
        return false;
    }
    for (uint32_t i = 0; i < entries->count; i++) {
        group(&s, &entries->at[i]);
    }
    bool well = true;
    for (uint32_t i = 0; i < count && well; i++) {
        well = enter(&s, rules[i].root, rules[i].group);
    }
    return well;
}
