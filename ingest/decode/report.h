/* SPDX-License-Identifier: Apache-2.0 */
/* report — what browsers and mail-less programs report by themselves, made into event trees.
 *
 *   {"csp-report":{"blocked-uri":…}}                 report-uri, dashed names
 *   [{"type":"csp-violation","age":1,"body":{"blockedURL":…}}, …]   Reporting API: many at once
 *   [{"type":"network-error","body":{"phase":…,"type":"dns.name_not_resolved"}}]      NEL
 *   {"expect-ct-report":{…}}   {"expect-staple-report":{…}}   {"known-pins":[…],"hostname":…}  HPKP
 *
 * An event tree is what an SDK could have sent: event_json reads it, and grouping finds `csp`,
 * `expectct`, `expectstaple`, `hpkp` with the names Sentry stores them under. Directives nobody
 * knows are taken as they are: browsers are newer than servers. Reports of other types
 * (deprecation, coep …) come to the same URLs; they are counted and left out.
 *
 * Everything borrows the tree and the arena. Pure.
 */
#pragma once
#include "ingest/base/fault.h"
#include "ingest/base/value.h"

/* What the request says beside the report. */
struct report_source {
    int64_t received_us;
    struct slice user_agent;
    struct slice parameters; /* sentry_release, sentry_environment, origin: name=value&… */
};

struct reports {
    struct value *events; /* LIST of event trees */
    uint32_t left_out;    /* reports of other types, or without what makes them one */
};

/* Fills `out`. MALFORMED when `root` is neither a report nor a list of them; TOO_BIG past
 * REPORTS_PER_REQUEST_MAX or the arena. */
MUST_USE struct fault report_events(struct arena *arena, const struct report_source *source,
                                    const struct value *root, struct reports *out);
