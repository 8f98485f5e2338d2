/* SPDX-License-Identifier: Apache-2.0 */
/* candidates — the first half of matching: from an event's fields, by the index, to the rules that
 * can hold, and to the truth of all atoms that look-ups settle. For rules/match.c alone. */
#pragma once
#include "rules/ruleset.h"

/* Fills candidates, known and truth of `scratch` from its fields. */
void candidates_find(struct rules_scratch *scratch);
