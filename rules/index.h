/* SPDX-License-Identifier: Apache-2.0 */
/* index — from what an event holds to the few rules that can hold for it.
 *
 * Each rule is entered under a witness: atoms of which at least one holds whenever the rule does.
 * Of an AND the most telling child, of an OR all children, of a NOT none. By the witness's kind:
 *
 *   exact     hash of (field, whole value)             ┐ every such atom is in the table, so its
 *   prefix    hash of (field, first 32, 16 … 1 bytes)  │ truth is known after the look-ups
 *   suffix    hash of (field, last 32, 16 … 1 bytes)   ┘
 *   contains  one literal database per field (vectorscan), keywords one over the text; of fields
 *             with many, one for the rules of each logsource category
 *   pattern, regex    their longest literal, in the same database
 *   regex without a literal worth it     itself, made wide, in a database of expressions per field:
 *             what is not found there does not hold, what is found PCRE2 still has to confirm
 *   number    sorted thresholds of the field               ┐ known after the look-ups as well
 *   cidr      a trie of the field's networks               ┘
 *   field, time, exists    the field being there
 *
 * Rules without a witness are always candidates (5 of SigmaHQ's 3,780). Immutable once built.
 */
#pragma once
#include "rules/networks.h"
#include "rules/node.h"
#include "rules/thresholds.h"
#include <hs.h>

/* Rules entered under one witness: a span of `postings`. */
struct posting {
    uint32_t from;
    uint32_t count;
};

/* What a look-up needs of an atom, in one cache line. */
struct key_entry {
    uint64_t hash;
    struct slice text;
    uint32_t atom;
    uint32_t next; /* entry + 1 with the same hash; 0 at the end */
    uint8_t op;    /* enum atom_op: EXACT, PREFIX or SUFFIX */
    bool is_cased;
};

/* A place of the table. */
struct key_place {
    uint32_t tag;   /* the hash's upper half: spares a look at the entry */
    uint32_t entry; /* + 1; 0: free */
};

/* One thing a database looks for. */
struct literal {
    uint32_t atom; /* whose truth a hit is; ATOM_NONE: only a hint. Of a regex: which may hold */
    struct posting rules;
    struct slice text; /* of a few literals: itself */
};

/* So few literals are searched for one by one: less work than starting vectorscan. */
#define INDEX_FEW_LITERALS 6u

/* A field with so many literals has a database for each category of logsources. */
#define INDEX_SPLIT_LITERALS 256u

#define INDEX_GROUP_ALL UINT32_MAX /* not split */

struct literals {
    uint32_t group;
    hs_database_t *database; /* owned; NULL: a few literals, or expressions left to PCRE2 */
    struct literal *at;
    uint32_t count;
    uint32_t scanned; /* so many are in the database; those after are as if always found */
};

/* What the index has of one field. */
struct field_index {
    struct posting present;
    const struct thresholds *numbers; /* NULL: none */
    uint32_t networks;                /* root of a trie; 0: none */
    struct literals *literals;        /* the first of so many; NULL: none */
    uint32_t literals_count;
    struct literals *regexes; /* NULL: none */
};

/* Bits of the filter before the table: 32 KiB stay in the cache, and 30,000 keys fill a tenth. */
#define INDEX_FILTER_BITS 18u

struct index {
    struct field_index *fields; /* by field number */
    struct networks networks;   /* of all fields */
    struct key_entry *entries;
    struct key_place *table; /* open addressing */
    uint64_t *filter;        /* a bit per hash, by its upper end: most values are under no key */
    uint32_t table_size;
    uint32_t entry_count;
    struct posting *atom_rules; /* by atom */
    uint64_t *known;            /* bit per atom: the look-ups settle it */
    uint32_t *postings;
    uint64_t *always; /* bit per rule */
    uint32_t always_count;
    struct literals *databases;
    uint32_t database_count;
    bool lacks_automata; /* expressions that could be scanned for are left to PCRE2 for now */
};

/* The kinds of key a value is looked up under: its whole, or 1, 2, 4, 8, 16 or 32 bytes of an end.
 * A set of kinds has bit n for kind n. */
#define KEY_SIZES   6u
#define KEY_EXACT   0u
#define KEY_PREFIX  1u /* and the next five */
#define KEY_SUFFIX  (KEY_PREFIX + KEY_SIZES)
#define KEY_KINDS   (KEY_SUFFIX + KEY_SIZES)
#define KEY_NUMBER  KEY_KINDS        /* in a set: the value as a number */
#define KEY_ADDRESS (KEY_KINDS + 1u) /* and as an address */
uint64_t index_key(uint32_t field, unsigned kind, struct slice text);

/* Fills the part of a value that a key of this kind is made of; false: the value is too short. */
bool index_key_part(struct slice value, unsigned kind, struct slice *part);

/* The kind of key an EXACT, PREFIX or SUFFIX atom of this folded text is entered under. */
unsigned index_key_kind(enum atom_op op, struct slice folded);

/* False: there is no entry under the hash. */
static inline bool index_may_have(const struct index *index, uint64_t hash)
{
    uint64_t bit = hash >> (64 - INDEX_FILTER_BITS);
    return (index->filter[bit / 64] >> (bit % 64) & 1) != 0;
}

/* The first entry + 1 under a hash, 0 for none. */
uint32_t index_find(const struct index *index, uint64_t hash);

struct rule_tree {
    const struct node *root;
    uint32_t group; /* its logsource's category, by a number */
};

/* Builds over rules 0..count-1. False when memory is out or vectorscan refuses; index_done is then
 * still due. `set` holds what stays, `load` what is needed meanwhile. */
bool index_build(struct index *index, struct compile *c, const struct rule_tree *rules,
                 uint32_t count);
void index_done(struct index *index);

/* The literals of a field that rules of this group wait for; NULL: none. */
const struct literals *index_literals(const struct index *index, uint32_t field, uint32_t group);
