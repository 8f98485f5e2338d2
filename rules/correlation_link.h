/* SPDX-License-Identifier: Apache-2.0 */
/* correlation_link — ties the correlations of a load to the rules and fields they name. */
#pragma once
#include "rules/document.h"
#include "rules/ruleset.h"

/* Adds the correlations of `documents` to the set, each after those it names; the rules must have
 * their final places, and the fields not be linked yet. Problems are told; what is in error is
 * left out. False: the arena is full. */
bool correlations_link(struct compile *c, struct ruleset *set, const struct documents *documents);
