/* SPDX-License-Identifier: Apache-2.0 */
/* index_scan — the databases of an index: per field, all literals in one, all expressions in
 * another. For rules/index_build.c alone. */
#pragma once
#include "rules/index_build.h"

/* Over sorted entries, whose postings are where they lie. False, with a problem, when vectorscan
 * refuses literals, or without memory; an expression it refuses is left to PCRE2. */
bool index_build_scans(struct index *index, struct compile *c, const struct entries *entries);
