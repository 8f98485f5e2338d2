/* SPDX-License-Identifier: Apache-2.0 */
/* rule_memory — automata of rules in files, so that a start or reload with the same rules need not
 * make them again.
 *
 *   DIR/rules.cache/<64 hex digits>     each may be deleted at any time
 *
 * A file nobody has asked for in 30 days is deleted when another is written. Nothing here can fail:
 * without a file the automaton is made anew.
 */
#pragma once
#include "rules/rules.h"
#include <limits.h>

struct rule_memory {
    char folder[PATH_MAX];
    struct rules_memory face;
};

/* Fills `memory` and gives its face, valid as long as it, which makes what it has not if `makes`;
 * NULL when the path is too long. */
const struct rules_memory *rule_memory_init(struct rule_memory *memory, const char *data_path,
                                            bool makes);
