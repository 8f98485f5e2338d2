/* SPDX-License-Identifier: Apache-2.0 */
/* explain — why a rule holds for an event, or why it does not.
 *
 *   NO MATCH  SQL error with a union  (high)  sqli_error.yml:1
 *   because   filter holds: environment is "test"
 *
 *   no   all of
 *   yes  ├─ sel
 *   yes  │  └─ error.message contains "union select"     "near >>UNION SELECT<< 1" at 5-17
 *   no   └─ not
 *   yes     └─ filter
 *   yes        └─ environment is "test"                  "test" at 0-4
 *
 * The tree in the order it was written, each test with the value that decided. Of a list of values
 * that fails only the first few are shown, of one that holds only those that do. As JSON nothing is
 * left out. Pure; not for the path of an event: it evaluates all there is.
 */
#pragma once
#include "ingest/base/json.h"
#include "rules/rules.h"

struct explanation {
    const struct ruleset *set;
    struct rules_scratch *scratch;
    const struct subject *subject;
    uint32_t rule;
    bool source_applies; /* the rule's logsource */
    bool condition_holds;
};

/* Evaluates rule `rule` for the subject; all borrowed as long as the explanation is used, and the
 * scratch matches nothing else meanwhile. */
void explain(struct explanation *explanation, const struct ruleset *set,
             struct rules_scratch *scratch, const struct subject *subject, uint32_t rule);

bool explanation_holds(const struct explanation *explanation);

/* Appends the lines above; each begins with `indent`. */
void explain_text(const struct explanation *explanation, struct slice indent, struct buffer *out);

/* Writes one map: rule, title, matches, logsource, because, condition. */
void explain_json(const struct explanation *explanation, struct json *json);
