/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/index.h"
#include "ingest/base/must.h"
#include "rules/bits.h"
#include "rules/fold.h"
#include "rules/grow.h"
#include "rules/hash_tail.h"
#include "rules/index_build.h"
#include "rules/witness.h"

uint64_t index_key(uint32_t field, unsigned kind, struct slice text)
{
    uint64_t hash = (uint64_t)field << 36 ^ (uint64_t)kind << 32 ^ text.len;
    size_t i = 0;
    for (; i + 8 <= text.len; i += 8) {
        uint64_t word;
        memcpy(&word, text.at + i, sizeof(word));
        hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
        hash ^= hash >> 32;
    }
    hash = (hash ^ hash_tail(text)) * UINT64_C(0x9fb21c651e98df25);
    hash ^= hash >> 29;
    return hash * UINT64_C(0xd6e8feb86659fd93) ^ hash >> 32;
}

/* The place of a hash in the table, or the free place it would take. */
static struct key_place *place(const struct index *index, uint64_t hash)
{
    uint32_t mask = index->table_size - 1;
    uint32_t tag = (uint32_t)(hash >> 32);
    for (uint32_t i = (uint32_t)hash & mask;; i = (i + 1) & mask) {
        struct key_place *at = &index->table[i];
        if (at->entry == 0 || (at->tag == tag && index->entries[at->entry - 1].hash == hash)) {
            return at;
        }
    }
}

uint32_t index_find(const struct index *index, uint64_t hash)
{
    return place(index, hash)->entry;
}

bool index_key_part(struct slice value, unsigned kind, struct slice *part)
{
    *part = value;
    if (kind == KEY_EXACT) {
        return true;
    }
    MUST(kind < KEY_KINDS);
    size_t size = (size_t)1 << (kind < KEY_SUFFIX ? kind - KEY_PREFIX : kind - KEY_SUFFIX);
    if (value.len < size) {
        return false;
    }
    *part = slice_of(kind < KEY_SUFFIX ? value.at : value.at + value.len - size, size);
    return true;
}

unsigned index_key_kind(enum atom_op op, struct slice folded)
{
    if (op == ATOM_EXACT) {
        return KEY_EXACT;
    }
    MUST((op == ATOM_PREFIX || op == ATOM_SUFFIX) && folded.len != 0);
    unsigned size = 0;
    while (size + 1 < KEY_SIZES && folded.len >= (size_t)2 << size) {
        size++;
    }
    return (op == ATOM_PREFIX ? KEY_PREFIX : KEY_SUFFIX) + size;
}

static uint64_t key_of_atom(struct arena *load, const struct atom *atom)
{
    struct slice text = fold_text(load, atom->text);
    struct slice part = text;
    unsigned kind = index_key_kind(atom->op, text);
    bool is_long = index_key_part(text, kind, &part);
    MUST(is_long);
    return index_key(atom->field, kind, part);
}

static void enter(struct index *index, uint64_t hash, const struct atom *atom, uint32_t id)
{
    struct key_place *at = place(index, hash);
    set_bit(index->filter, (uint32_t)(hash >> (64 - INDEX_FILTER_BITS)));
    index->entries[index->entry_count++] = (struct key_entry){.hash = hash,
                                                              .text = atom->text,
                                                              .atom = id,
                                                              .next = at->entry,
                                                              .op = (uint8_t)atom->op,
                                                              .is_cased = atom->is_cased};
    *at = (struct key_place){(uint32_t)(hash >> 32), index->entry_count};
}

/* Every atom that a look-up can settle, whether a rule is entered under it or not. */
static bool build_keys(struct index *index, struct compile *c)
{
    const struct atoms *atoms = c->atoms;
    uint32_t keys = 0;
    for (uint32_t i = 0; i < atoms->count; i++) {
        keys += atoms->at[i].op <= ATOM_SUFFIX;
    }
    index->table_size = 16;
    while (index->table_size < keys * 2) {
        index->table_size *= 2;
    }
    index->table = ARENA_ARRAY(c->set, index->table_size, struct key_place);
    index->entries = ARENA_ARRAY(c->set, keys + 1u, struct key_entry);
    index->filter = ARENA_ARRAY(c->set, (1u << INDEX_FILTER_BITS) / 64, uint64_t);
    if (index->table == NULL || index->entries == NULL || index->filter == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < atoms->count; i++) {
        if (atoms->at[i].op <= ATOM_SUFFIX) {
            enter(index, key_of_atom(c->load, &atoms->at[i]), &atoms->at[i], i);
            set_bit(index->known, i);
        }
    }
    return !c->load->exhausted;
}

/* Comparisons and networks, all of which one look at a value settles. */
static bool build_orders(struct index *index, struct compile *c)
{
    const struct atoms *atoms = c->atoms;
    uint32_t networks = 0;
    for (uint32_t i = 0; i < atoms->count; i++) {
        networks += atoms->at[i].op == ATOM_CIDR;
    }
    if (!networks_init(&index->networks, c->set, networks)) {
        return false;
    }
    for (uint32_t i = 0; i < atoms->count && !c->set->exhausted; i++) {
        const struct atom *atom = &atoms->at[i];
        struct field_index *field = &index->fields[atom->field];
        if (atom->op == ATOM_CIDR) {
            networks_add(&index->networks, &field->networks, atom->address, atom->prefix_bits, i);
            set_bit(index->known, i);
        } else if (atom->op == ATOM_COMPARE) {
            field->numbers = field->numbers != NULL ? field->numbers
                                                    : thresholds_new(c->set, atoms, atom->field);
            set_bit(index->known, i);
        }
    }
    return !c->set->exhausted;
}

static bool allocate(struct index *index, struct compile *c, uint32_t rule_count)
{
    uint32_t atoms = c->atoms->count;
    index->fields = ARENA_ARRAY(c->set, c->names->count, struct field_index);
    index->atom_rules = ARENA_ARRAY(c->set, atoms + 1u, struct posting);
    index->known = ARENA_ARRAY(c->set, atoms / 64 + 1u, uint64_t);
    index->always = ARENA_ARRAY(c->set, rule_count / 64 + 1u, uint64_t);
    return !c->set->exhausted;
}

/* The witnesses of all rules, each with its rule, in the load arena. */
static bool collect(struct index *index, struct compile *c, const struct rule_tree *rules,
                    uint32_t count, struct entries *out)
{
    struct needles needles = {.arena = c->load};
    for (uint32_t rule = 0; rule < count; rule++) {
        if (!witness_of(c->atoms, rules[rule].root, &needles)) {
            set_bit(index->always, rule);
            index->always_count++;
            continue;
        }
        for (uint32_t i = 0; i < needles.count; i++) {
            struct entry *at = grow(c->load, out->at, out->count, &out->room, sizeof(*at));
            if (at == NULL) {
                return false;
            }
            out->at = at;
            at[out->count++] = (struct entry){needles.at[i], rules[rule].group, rule};
        }
    }
    return !c->load->exhausted;
}

bool index_build(struct index *index, struct compile *c, const struct rule_tree *rules,
                 uint32_t count)
{
    struct entries entries = {0};
    *index = (struct index){0};
    return allocate(index, c, count) && build_keys(index, c) && build_orders(index, c) &&
           collect(index, c, rules, count, &entries) && index_split(c, rules, count, &entries) &&
           index_build_postings(index, c, &entries);
}

const struct literals *index_literals(const struct index *index, uint32_t field, uint32_t group)
{
    const struct field_index *at = &index->fields[field];
    uint32_t i = 0;
    while (i < at->literals_count && at->literals[i].group != group &&
           at->literals[i].group != INDEX_GROUP_ALL) {
        i++;
    }
    return i < at->literals_count ? &at->literals[i] : NULL;
}

void index_done(struct index *index)
{
    for (uint32_t i = 0; i < index->database_count; i++) {
        hs_free_database(index->databases[i].database);
    }
    index->database_count = 0;
}
