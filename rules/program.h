/* SPDX-License-Identifier: Apache-2.0 */
/* program — a condition as tests that jump, so that each event pays only for what decides.
 *
 *   a and not (b or c)     3: a  yes→2  no→REJECT
 *                          2: b  yes→REJECT  no→1
 *                          1: c  yes→REJECT  no→ACCEPT
 *
 * Cheap tests come first within an AND or OR. Evaluation is a loop without a stack.
 */
#pragma once
#include "rules/node.h"

#define PROGRAM_ACCEPT UINT32_MAX
#define PROGRAM_REJECT (UINT32_MAX - 1)

struct step {
    uint32_t atom;
    uint32_t yes; /* index of the next step, or one of the two above */
    uint32_t no;
};

struct program {
    struct step *steps;
    uint32_t count;
    uint32_t start;
};

/* Fills `program` in the set's arena. Reorders the tree's children. False: longer than
 * RULE_PROGRAM_MAX, or no memory. */
bool program_make(struct arena *arena, const struct atoms *atoms, struct node *root,
                  struct program *program);

/* What testing an atom costs, roughly in nanoseconds. */
uint32_t program_atom_cost(const struct atom *atom);
