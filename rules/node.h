/* SPDX-License-Identifier: Apache-2.0 */
/* node — a rule's condition as a tree over atoms; and what compiling one rule needs at hand.
 *
 *   and ─┬─ GROUP "selection" ── and ─┬─ atom 3   Image|endswith
 *        │                            └─ or ─┬─ atom 7
 *        └─ not ── GROUP "filter" ── …       └─ atom 9
 *
 * A selection named twice stands in two GROUPs over one subtree. Kept for explaining; matching runs
 * the program made of it (rules/program.h).
 */
#pragma once
#include "ingest/base/problem.h"
#include "rules/atom.h"
#include "rules/rules.h"

enum node_kind { NODE_AND, NODE_OR, NODE_NOT, NODE_ATOM, NODE_GROUP };

struct node {
    enum node_kind kind;
    uint32_t atom;      /* NODE_ATOM */
    struct slice label; /* NODE_GROUP: the identifier; of an item: its key as written */
    struct node *first;
    struct node *next; /* sibling */
};

/* Shared by the steps that compile a rule. Loading thread. */
struct compile {
    struct arena *set;  /* what stays */
    struct arena *load; /* what is needed until the load is over */
    struct atoms *atoms;
    struct field_names *names;
    struct problems *problems;
    struct slice file;
    const struct rules_memory *memory; /* NULL: none */
};

/* Zeroed; NULL when the set's arena is full. */
static inline struct node *node_new(struct compile *c, enum node_kind kind)
{
    struct node *node = ARENA_NEW(c->set, struct node);
    if (node != NULL) {
        node->kind = kind;
    }
    return node;
}

/* `child` under a new node of `kind`; NULL stays NULL. */
static inline struct node *node_over(struct compile *c, enum node_kind kind, struct node *child)
{
    struct node *node = child != NULL ? node_new(c, kind) : NULL;
    if (node != NULL) {
        node->first = child;
    }
    return node;
}

/* False when no event can make the tree hold, because of lists that are not given. */
bool node_can_hold(const struct atoms *atoms, const struct node *root);

/* Appends, keeping the order; `*last` is the parent's newest child or NULL. */
static inline void node_append(struct node *parent, struct node **last, struct node *child)
{
    if (*last != NULL) {
        (*last)->next = child;
    } else {
        parent->first = child;
    }
    *last = child;
}
