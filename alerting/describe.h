/* SPDX-License-Identifier: Apache-2.0 */
/* describe — an alert in words: its key, labels and annotations, from a fact and its rule.
 *
 *   key          MD5 of rule id and issue id, or of a correlation's group: nothing that drifts
 *   labels       alertname (the rule's title), rule, project, issue, severity, environment, and
 * what the rule itself carries as `labels:` annotations  summary, culprit, count, event_id,
 * release, description, runbook_url
 *
 * Severity in Alertmanager's usual words. For what happens to an issue it is the event's level:
 *   fatal critical · error error · warning warning · info, debug info
 * for a detection the rule's: critical, high critical · medium error · low warning · else info.
 * Pure.
 */
#pragma once
#include "alerting/fact.h"
#include "alerting/policy/policy.h"
#include "rules/rules.h"

/* The rule behind an alert. */
struct alert_cause {
    struct slice rule;            /* id */
    struct slice title;           /* empty: the id */
    const struct rule_info *info; /* NULL when the rules loaded here do not have it */
};

/* Fills 32 hex digits and a NUL. */
void describe_key(struct slice rule, struct slice about, char out[static ID_HEX_BYTES + 1]);

struct slice describe_severity(const struct fact *fact);

/* Fills a set made in `arena`; false when that is full. Borrows fact and cause. */
MUST_USE bool describe_labels(const struct fact *fact, const struct alert_cause *cause,
                              struct arena *arena, struct labels *out);
MUST_USE bool describe_annotations(const struct fact *fact, const struct alert_cause *cause,
                                   uint64_t events, struct arena *arena, struct labels *out);
