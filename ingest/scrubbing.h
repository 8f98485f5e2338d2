/* SPDX-License-Identifier: Apache-2.0 */
/* scrubbing — which project's events are scrubbed by which rules (normalise/scrub.h).
 *
 *   scrub:
 *     fields: [account_no]           names that are sensitive beside the built-in ones
 *     safe_fields: [token_count]     names that are not, whatever they look like
 *     ip_addresses: true             take IP addresses out (default: false)
 *     defaults: false                no built-in rules (default: true)
 *     projects:
 *       shop: {fields: [iban_owner]} the same for one project: added to the above, or instead
 *
 * Read once into the snapshot; immutable from then on.
 */
#pragma once
#include "ingest/base/problem.h"
#include "ingest/normalise/scrub.h"
#include "ingest/projects.h"

#define SCRUBBED_PROJECTS_MAX 1000u /* projects with settings of their own: 5 KB each */

struct scrubbing_project {
    struct slice name; /* slug or id */
    const struct scrub_rules *rules;
};

struct scrubbing {
    const struct scrub_rules *common; /* NULL: events are left as they are */
    struct scrubbing_project *projects;
    uint32_t count;
};

/* Fills from the value of `scrub:` in `file`; NULL: the defaults. Everything lives in `arena`.
 * False: see `problems`. */
bool scrubbing_read(struct arena *arena, const struct value *scrub, struct slice file,
                    struct problems *problems, struct scrubbing *out);

/* Gives the rules of a project; NULL: of events of no known one. NULL when nothing is scrubbed,
 * which only a set that was never read does. */
const struct scrub_rules *scrubbing_rules(const struct scrubbing *scrubbing,
                                          const struct project *project);
