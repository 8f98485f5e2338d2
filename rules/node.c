/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/node.h"
#include "ingest/base/must.h"

/* In this order, AND is the least of its children and OR the greatest. */
enum outcome { ALWAYS_FALSE, OPEN, ALWAYS_TRUE };

/* As deep as the tree, which condition_parse bounds. */
static enum outcome outcome_of(const struct atoms *atoms, const struct node *node)
{
    if (node->kind == NODE_ATOM) {
        MUST(node->atom < atoms->count);
        return atoms->at[node->atom].op == ATOM_NEVER ? ALWAYS_FALSE : OPEN;
    }
    if (node->kind == NODE_NOT) {
        return (enum outcome)(ALWAYS_TRUE - outcome_of(atoms, node->first));
    }
    bool is_or = node->kind == NODE_OR;
    enum outcome all = is_or ? ALWAYS_FALSE : ALWAYS_TRUE;
    for (const struct node *at = node->first; at != NULL; at = at->next) {
        enum outcome one = outcome_of(atoms, at);
        all = is_or == (one > all) ? one : all;
    }
    return all;
}

bool node_can_hold(const struct atoms *atoms, const struct node *root)
{
    return outcome_of(atoms, root) != ALWAYS_FALSE;
}
