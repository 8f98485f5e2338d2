/* SPDX-License-Identifier: Apache-2.0 */
/* check_in — a job that is run by the clock says how it went.
 *
 *   {"monitor_slug":"nightly","status":"ok","check_in_id":"…","duration":1.5,"environment":"prod"}
 *   POST /api/1/cron/nightly/<key>/  with such a body, or GET …?status=ok&duration=1.5
 *
 * Pure.
 */
#pragma once
#include "ingest/base/fault.h"
#include "ingest/base/value.h"

/* Fills a check-in from a cron URL: the body's JSON, if there is one, and the parameters
 * (monitor_slug, status, check_in_id, environment, duration), which win. MALFORMED when the body is
 * no JSON object; the check-in is not judged yet. */
MUST_USE struct fault check_in_from_url(struct arena *arena, struct slice body,
                                        struct slice parameters, struct value **out);

/* Whether it is one. MALFORMED without a slug, for a status nobody knows, for an id that is none,
 * and for a duration that is negative. */
MUST_USE struct fault check_in_judge(const struct value *root);
