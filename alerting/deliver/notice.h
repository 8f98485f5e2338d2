/* SPDX-License-Identifier: Apache-2.0 */
/* notice — what one receiver is told, once: the alerts of one group, and why now.
 *
 * Made by the watcher from a verdict of the policy, rendered at once by the receiver's kind, and
 * kept in the outbox as bytes: whatever happens to the alerts later, and however often it is tried,
 * one id always stands for the same bytes. Borrows everything.
 */
#pragma once
#include "alerting/policy/policy.h"

/* "ntf_" and 32 hex digits; no '.', which Standard Webhooks signs between its parts. */
#define NOTICE_ID_BYTES 36u

struct notice {
    struct slice receiver;
    enum notice_reason reason;
    struct slice group_key;    /* Alertmanager's */
    struct slice external_url; /* of this installation; may be empty */
    struct labels group_labels;
    const struct alert *const *alerts; /* as shown: firing and just resolved */
    uint32_t alert_count;
    uint64_t left_out; /* alerts of the group that are not among them */
};

/* Whether any of its alerts fires. */
bool notice_is_firing(const struct notice *notice);
