/* SPDX-License-Identifier: Apache-2.0 */
/* difference — what a reload changed: rules and correlations by their id, and whether their text is
 * another. Pure.
 */
#pragma once
#include "rules/rules.h"

enum rule_change { RULE_ADDED, RULE_REMOVED, RULE_CHANGED };

struct rules_difference {
    uint32_t added;
    uint32_t removed;
    uint32_t changed;
};

/* Calls `tell` (NULL is fine) for each rule that is in one set only, or written differently; `info`
 * is the new one's where there is one. Either set may be NULL: it has no rules. */
struct rules_difference rules_compare(const struct ruleset *before, const struct ruleset *after,
                                      void (*tell)(void *context, enum rule_change change,
                                                   const struct rule_info *info),
                                      void *context);
