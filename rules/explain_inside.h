/* SPDX-License-Identifier: Apache-2.0 */
/* explain_inside — what the text and the JSON of an explanation share. For rules/explain*.c. */
#pragma once
#include "rules/explain.h"
#include "rules/ruleset.h"

/* A value that a test looked at, and where in it the test found what it looks for. */
struct explained_value {
    struct slice raw;
    bool is_there;
    bool has_span;
    size_t from;
    size_t to;
};

bool explain_node_holds(const struct explanation *e, const struct node *node);
bool explain_atom_holds(const struct explanation *e, uint32_t atom);

/* What decided: of a test that holds the value that makes it, else the field's first. */
struct explained_value explain_value(const struct explanation *e, const struct atom *atom);

/* The innermost node that makes the condition what it is not: NULL when it holds. */
const struct node *explain_culprit(const struct explanation *e, struct slice *group);

/* "contains", "ends with": the words between the field and the operand. */
const char *explain_verb(const struct atom *atom);

/* Of a point in time, which part is looked at; empty for other tests. */
const char *explain_part(const struct atom *atom);

/* The operand as a person would write it, unquoted. */
void explain_operand(const struct explanation *e, const struct atom *atom, struct buffer *out);

/* The field's name; field 0 is the text that keywords search. */
struct slice explain_field(const struct explanation *e, const struct atom *atom);

/* Nodes that say nothing themselves: one child under AND or OR without a label. */
const struct node *explain_skip(const struct node *node);

/* The next of a node's children in the order they were written, after `last` (NULL: the first):
 * loading made them in that order in one arena, and only then sorted them by what they cost. */
const struct node *explain_next(const struct node *parent, const struct node *last);
