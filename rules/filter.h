/* SPDX-License-Identifier: Apache-2.0 */
/* filter — Sigma filters: a condition added to other rules, kept in a file of its own.
 *
 *   title, logsource, filter: {rules: [id or name, …] | any, <selections>, condition: not
 * selection}
 *
 * A rule then holds when its own condition and the filter's do. The filter's logsource must be
 * equal to the rule's or state less. Its identifiers are its own: `them` sees one side only.
 */
#pragma once
#include "rules/document.h"
#include "rules/node.h"
#include "rules/ruleset.h"

/* Compiles one filter and adds it to the trees of the rules it names; problems are told. */
void filter_apply(struct compile *c, struct ruleset *set, const struct document *document);
