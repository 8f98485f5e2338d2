/* SPDX-License-Identifier: Apache-2.0 */
/* correlation_tree — correlations as the store runs them: one that fires, with all that feed it.
 *
 *   then ◀─ many ◀─ rule fail       tree of `then`: {"id":…,"nodes":[{then},{many,"parent":1}]}
 *        ◀─ rule ok                 places: many is node 2 of it, its group [g, v] has then's: [g]
 *
 * A tree is JSON, which functions/correlate.lua reads. All of its states lie in the partition of
 * the group of the correlation that fires, which each hit tells by its place; so one step from an
 * event to what fires is atomic. A correlation that fires and feeds another is in two trees.
 */
#pragma once
#include "rules/node.h"
#include "rules/ruleset.h"

/* Fills `tree`, `digest` and `places` of the set's correlations. False: the arena is full. */
bool correlation_trees_make(struct compile *c, struct ruleset *set);
