/* SPDX-License-Identifier: Apache-2.0 */
/* info — what a rule, filter or correlation says about itself, read and checked. */
#pragma once
#include "rules/node.h"
#include "rules/rules.h"

/* Fills `info` with texts in the set's arena. False after an error, told to c->problems: no title,
 * an unknown level. A filter or correlation needs no logsource (`needs_logsource` false). */
bool info_read(struct compile *c, const struct value *root, bool needs_logsource,
               struct rule_info *info);

/* A logsource map; false after an error. `line` and `column` of `root` when it is missing. */
bool info_read_logsource(struct compile *c, const struct value *root, struct logsource *out);
