/* SPDX-License-Identifier: Apache-2.0 */
/* fingerprint_rule — one rule, as parsed, and the rules that we bring. Private to
 * ingest/fingerprint. */
#pragma once
#include "ingest/event/matcher.h"

struct fingerprint_rule {
    const struct matcher *matchers;
    uint32_t matcher_count;
    const struct slice *values; /* texts and variables */
    uint32_t value_count;
    struct slice title; /* a template, or empty */
    struct slice line;  /* as it was written, for explanations */
    struct fingerprint_rule *next;
};

/* Rules of kinds of trouble that are one issue wherever they show up, such as parts of a web
 * application that cannot be loaded after it was deployed anew. */
extern const struct fingerprint_rule built_in_rules[];
extern const uint32_t built_in_rules_count;

/* True when all of the rule's matchers hold for the event. */
bool fingerprint_rule_matches(const struct fingerprint_rule *rule, const struct event *event);
