/* SPDX-License-Identifier: Apache-2.0 */
/* item — one line of a selection: `field|modifier|modifier: value or list of values`.
 *
 * The modifiers are one table (rules/modifier.c): a name and what it does to the item. They apply
 * from left to right; first the kind of test is found, then each value becomes atoms:
 *
 *   Image|endswith: [a, b]      or( SUFFIX a, SUFFIX b )
 *   C|contains|all: [a, b]      and( CONTAINS a, CONTAINS b )
 *   C|base64offset|contains: x  or( three CONTAINS )
 *   f|neq: x                    not( EXACT x ): also when the field is missing
 *
 * What is not understood is an error at its place, with a hint.
 */
#pragma once
#include "ingest/base/limits.h"
#include "rules/node.h"

enum item_test {
    ITEM_STRING,
    ITEM_REGEX,
    ITEM_CIDR,
    ITEM_COMPARE,
    ITEM_EXISTS,
    ITEM_FIELD,
    ITEM_TIME
};

/* Turns one pattern into `*count` (at most 3) others in `out`; false when it cannot. */
typedef bool item_transform(struct arena *arena, struct pattern pattern, struct pattern *out,
                            uint32_t *count);

struct item {
    struct slice field;      /* empty: keywords */
    const struct value *key; /* for the place of problems */
    enum item_test test;
    bool is_open_start; /* contains, endswith */
    bool is_open_end;   /* contains, startswith */
    bool is_all;
    bool is_negated;
    bool is_cased;
    bool is_expanded;  /* `%name%` stands for a list */
    bool has_encoding; /* a base64 was applied: texts are final */
    unsigned regex_flags;
    enum compare compare;
    enum time_part part;
    item_transform *transforms[MODIFIERS_MAX];
    uint32_t transform_count;
    uint32_t modifier_count;
};

/* Applies one modifier; false when there is none of that name, or it cannot stand there, `*reason`
 * (a literal) saying why. */
bool modifier_apply(struct item *item, struct slice name, const char **reason);

/* The tree of one item; NULL after an error, told to c->problems. */
struct node *item_compile(struct compile *c, const struct value *item);

/* As item_compile for a value that stands without a field. */
struct node *item_compile_keyword(struct compile *c, const struct value *value);

/* The atoms of one value (a scalar). */
struct node *item_compile_value(struct compile *c, const struct item *item,
                                const struct value *value);
