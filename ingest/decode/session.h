/* SPDX-License-Identifier: Apache-2.0 */
/* session — how many sessions an item tells of. Pure.
 *
 *   session   {"sid":…,"started":…,"status":"ok","attrs":{"release":…}}          one
 *   sessions  {"aggregates":[{"started":…,"exited":5,"errored":1}],"attrs":{…}}   the sums
 */
#pragma once
#include "ingest/base/fault.h"
#include "ingest/base/value.h"

/* Fill `*quantity`. MALFORMED without what makes it one: a start and a release. */
MUST_USE struct fault session_read(const struct value *root, uint32_t *quantity);
MUST_USE struct fault session_read_aggregates(const struct value *root, uint32_t *quantity);

/* How one ended when it ended badly: "abnormal" (killed, power loss) or "crashed"; static text.
 * Empty for all others. */
struct slice session_ending(const struct value *root);
