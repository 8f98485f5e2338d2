/* SPDX-License-Identifier: Apache-2.0 */
/* fates — what became of the matches of each rule after they were found.
 *
 *   fired       an alert of the rule began
 *   suppressed  a match that began none: its alert fires already, or the rule only feeds
 *               correlations (Sigma's `generate: false`)
 *   forgotten   groups of a correlation given up for want of room (CORRELATION_GROUPS_MAX)
 *
 * Counted by whoever decides it (alerting, the committer), on the node that did: over all nodes
 * fired and suppressed together are the matches that were counted. Rules first, by their index,
 * then correlations. Counters only: any thread, no lock. Borrows the set.
 */
#pragma once
#include "rules/rules.h"

enum rule_fate { RULE_FIRED, RULE_SUPPRESSED, RULE_FORGOTTEN, RULE_FATE_COUNT };

struct rule_fates;

struct rule_fates *rule_fates_new(const struct ruleset *set); /* NULL without memory */
void rule_fates_free(struct rule_fates *fates);               /* NULL is fine */

/* Rules and correlations together. */
uint32_t rule_fates_count(const struct rule_fates *fates);

/* The place of a rule or correlation by id or name; rule_fates_count when it is none of these. */
uint32_t rule_fates_find(const struct rule_fates *fates, struct slice id);

/* `fates` NULL, or a place past the end: nothing is counted. */
void rule_fates_add(struct rule_fates *fates, uint32_t place, enum rule_fate fate, uint64_t count);

uint64_t rule_fates_get(const struct rule_fates *fates, uint32_t place, enum rule_fate fate);

/* What the rule or correlation of a place says of itself. */
const struct rule_info *rule_fates_info(const struct rule_fates *fates, uint32_t place);
