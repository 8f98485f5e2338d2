/* SPDX-License-Identifier: Apache-2.0 */
/* witness — picks the atoms a rule is entered in the index under. Pure; used while loading. */
#pragma once
#include "rules/node.h"

enum needle_kind {
    NEEDLE_ATOM,   /* exact, prefix, suffix, number, cidr: the atom itself */
    NEEDLE_TEXT,   /* this text is in the field */
    NEEDLE_REGEX,  /* vectorscan finds the atom's expression in the field, made wide */
    NEEDLE_PRESENT /* the field is there */
};

struct needle {
    enum needle_kind kind;
    uint32_t atom;
    uint32_t field;
    struct slice text; /* NEEDLE_TEXT, folded; NEEDLE_REGEX, rules/regex_wide.h */
};

struct needles {
    struct arena *arena;
    struct needle *at;
    uint32_t count;
    uint32_t room;
};

/* Fills `out` (its arena set) with needles, of which one is there whenever the tree holds. False:
 * there are none, the rule must always be looked at. */
bool witness_of(const struct atoms *atoms, const struct node *root, struct needles *out);
