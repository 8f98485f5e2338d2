/* SPDX-License-Identifier: Apache-2.0 */
/* webhook_body — a notice as Alertmanager's webhook sends it, version "4".
 *
 *   {"receiver","status","alerts":[{"status","labels","annotations","startsAt","endsAt",
 *    "generatorURL","fingerprint"}],"notification_reason","groupLabels","commonLabels",
 *    "commonAnnotations","routeLabels","externalURL","version","groupKey","truncatedAlerts"}
 *
 * In the order of its Go structs; a firing alert ends at 0001-01-01T00:00:00Z. Whatever reads
 * Alertmanager's webhooks reads ours. Pure.
 */
#pragma once
#include "alerting/deliver/notice.h"

/* Appends the body with at most `alerts_max` alerts (0: all); what is cut off, or would make the
 * body larger than `out` may become, is counted in truncatedAlerts. */
void webhook_body(const struct notice *notice, uint32_t alerts_max, struct buffer *out);
