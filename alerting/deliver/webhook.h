/* SPDX-License-Identifier: Apache-2.0 */
/* webhook — the receiver kind that posts Alertmanager's JSON, signed by Standard Webhooks.
 *
 *   webhook_configs:
 *     - url: https://hooks.example/tocsin
 *       secret: whsec_…           or secret_file: PATH; none: not signed
 *       send_resolved: true
 *       max_alerts: 0             0: as many as a group lists
 *       timeout: 10s
 *       headers: {Authorization: Bearer xyz}
 *
 * The functions of its row in receivers.c; see receivers.h.
 */
#pragma once
#include "alerting/deliver/receivers.h"

void webhook_read(struct endpoint *endpoint, const struct value *entry, struct reading *reading);
void webhook_render(const struct endpoint *endpoint, const struct notice *notice,
                    struct buffer *out);
void webhook_headers(const struct endpoint *endpoint, struct slice id, struct slice body,
                     int64_t now_us, struct buffer *out);
