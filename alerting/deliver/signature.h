/* SPDX-License-Identifier: Apache-2.0 */
/* signature — Standard Webhooks 1.0.0: how a receiver knows that a notice is ours.
 *
 *   webhook-id: ntf_…              the same over all attempts: the receiver drops what it has seen
 *   webhook-timestamp: 1614265330  of this attempt: it refuses what is older than five minutes
 *   webhook-signature: v1,<base64 of HMAC-SHA256 over id "." timestamp "." body>
 *
 * The secret is shown to people as `whsec_<base64>`. Pure.
 */
#pragma once
#include "alerting/deliver/receivers.h"

/* The specification's bounds on a secret. */
#define SECRET_BYTES_MIN 24u

/* Fills from `whsec_<base64>`; false (and untouched) for anything else, also a wrong length. */
MUST_USE bool secret_parse(struct slice text, struct secret *out);

/* Appends "v1,<base64>". */
void signature_v1(const struct secret *secret, struct slice id, int64_t timestamp_s,
                  struct slice body, struct buffer *out);
