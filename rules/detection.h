/* SPDX-License-Identifier: Apache-2.0 */
/* detection — a rule's `detection` (or a filter's `filter`) map into one tree of atoms.
 *
 *   map            AND of its items          list of maps     OR
 *   list of texts  keywords, OR              '|all': [...]    keywords, AND
 *   condition      one, or a list of them: any may hold
 */
#pragma once
#include "rules/node.h"

/* Gives the tree; NULL after an error, told to c->problems. `is_filter`: the key `rules` is no
 * search identifier. Borrows `detection` until the load is over.
 */
struct node *detection_compile(struct compile *c, const struct value *detection, bool is_filter);

/* Whether a condition text has a `not` in it: a filter without is nearly always a mistake. */
bool detection_has_not(const struct value *detection);
