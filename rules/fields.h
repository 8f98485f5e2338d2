/* SPDX-License-Identifier: Apache-2.0 */
/* fields — the fields a set of rules uses, and their values in one event.
 *
 * A set numbers the field names it uses (`struct field_names`); an event's values are gathered by
 * one walk over it that looks up each key it meets, not one search a field:
 *
 *   {"a.b": 1, "a": {"b": 2}}   names: "a.b"        trie: (root,"a.b")→field 1
 *                                                         (root,"a")→n  (n,"b")→field 1
 *
 * The flat key wins over the dotted path; every member of an array is a value. Field 0 is the text
 * that keywords search. Values are folded once, here. One thread; nothing is allocated but in the
 * subject's arena.
 */
#pragma once
#include "rules/subject.h"

#define FIELD_KEYWORDS 0u
#define FIELD_NONE     UINT32_MAX

struct field_value {
    struct slice raw;
    struct slice folded;
    struct field_value *next;
};

/* A field in one event. */
struct field_slot {
    struct field_value *first; /* NULL: absent, null, a map or an empty list */
    struct field_value *last;
    bool is_present;
    bool has_null;
    bool is_final; /* filled by a flat key or a known name: paths add nothing */
};

struct fields {
    struct field_slot *slots; /* by field number */
    uint32_t *present;        /* numbers of the fields that are there */
    uint32_t present_count;
    struct arena *arena; /* the subject's */
    bool skips_keywords; /* no rule will ask for the text: field 0 is left empty */

    /* The folded values of field 0 one after the other, each with a NUL behind it; empty when they
     * do not lie like that. */
    struct slice joined;
    const struct field_value *known; /* values of field 0 from here on are folded already */
};

struct field_edge {
    struct slice key;
    uint32_t parent;
    uint32_t node; /* 0: this place of the table is free */
};

struct field_node {
    uint32_t field; /* FIELD_NONE: only a step on the way */
    bool has_children;
};

struct taxonomy_row;

/* A name with a meaning of its own in SDK events. */
struct field_alias {
    uint32_t field;
    const struct taxonomy_row *row;
};

struct field_names {
    struct arena *arena; /* the set's */
    struct slice *names;
    uint32_t count;
    uint32_t room;
    struct field_edge *edges; /* open addressing */
    uint32_t edge_count;
    uint32_t edge_room; /* power of two */
    struct field_node *nodes;
    uint32_t node_count;
    uint32_t node_room;
    struct field_alias *aliases;
    uint32_t alias_count;
    bool has_keywords; /* set by the compiler: some rule searches text */
};

/* Field 0 is there from the start. False when the arena is full. */
bool field_names_init(struct field_names *names, struct arena *arena);

/* The number of `name`, new or known; FIELD_NONE when the arena is full. */
uint32_t field_names_add(struct field_names *names, struct slice name);

/* Finds out which names SDK events know; after the last add. */
void field_names_link(struct field_names *names);

/* The child of `parent` (0 is the root) under `key`; 0 for none. */
uint32_t field_names_step(const struct field_names *names, uint32_t parent, struct slice key);

/* Fills `fields` from the subject; `fields` is empty before (fields_reset). */
void fields_fill(const struct field_names *names, struct fields *fields,
                 const struct subject *subject);
void fields_reset(struct fields *fields);

/* One more value of a field. Numbers that have a plainer spelling ("4.0" for 4) get that too. */
void fields_add_text(struct fields *fields, uint32_t field, struct slice text);
void fields_add_number(struct fields *fields, uint32_t field, struct slice text);
void fields_add_null(struct fields *fields, uint32_t field);

/* A scalar, or every member of a list. */
void fields_add_value(struct fields *fields, uint32_t field, const struct value *value);

/* The plainest spelling of a decimal number, in `out`; its length, 0 when `text` is it already. */
size_t fields_plain_number(struct slice text, char out[static 40]);
