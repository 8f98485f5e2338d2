/* SPDX-License-Identifier: Apache-2.0 */
/* explain_correlation — what one event is to a correlation.
 *
 *   HIT       Many failures  (high)  auth.yml:9
 *   holds     when event_count is gte 5 within 60s, by user.name
 *
 *   yes  fail    a hit of user.name "ada"
 *   no   locked  does not hold
 *   no   denied  holds, but the event has no user.name
 *        probes  a correlation: hits where it holds
 *
 * One event says whether it counts and for whom; whether there are enough of them a timeline does
 * (`tocsin rules replay`). Pure.
 */
#pragma once
#include "ingest/base/json.h"
#include "rules/correlation.h"

/* Appends the lines above, or writes one map: correlation, title, hits, type, timespan_ms,
 * group_by, condition, sources. Works in `arena`. True: the event is a hit. */
bool explain_correlation_text(const struct correlation_ask *ask, uint32_t correlation,
                              struct arena *arena, struct buffer *out);
bool explain_correlation_json(const struct correlation_ask *ask, uint32_t correlation,
                              struct arena *arena, struct json *json);
