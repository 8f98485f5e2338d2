/* SPDX-License-Identifier: Apache-2.0 */
/* check — what `tocsin rules check` prints. Pure. */
#pragma once
#include "ingest/base/buffer.h"
#include "rules/rules.h"

/* Appends every kept problem as a line, in order, then one line that sums up: "3780 rules, 2
 * errors, 1 warning". Gives the exit code: 0 without errors, else 1. Borrows all. */
int rules_check_text(const struct ruleset *set, const struct problems *problems,
                     struct buffer *out);
