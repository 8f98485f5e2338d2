/* SPDX-License-Identifier: Apache-2.0 */
/* matcher — one condition on one label, in Alertmanager's grammar.
 *
 *   severity="critical"    env!=staging    alertname=~"DB.*|Cache"    team!~"(a|b)"
 *
 * A name, one of = != =~ !~, and a value that may stand in double quotes with \" \\ \n as escapes;
 * white space around each is dropped. Regular expressions must match the whole value. A list is
 * separated by commas and may stand in braces. Pure; matchers are immutable and shared by threads.
 */
#pragma once
#include "alerting/policy/labels.h"
#include "ingest/base/regex.h"

enum matcher_op { MATCHER_EQUAL, MATCHER_NOT_EQUAL, MATCHER_REGEX, MATCHER_NOT_REGEX };

struct matcher {
    enum matcher_op op;
    struct slice name;
    struct slice value;
    struct regex *regex; /* owned; NULL for the two plain operators */
};

struct matchers {
    struct matcher *items; /* in Alertmanager's order: name, value, operator */
    uint32_t count;
};

struct matcher_error {
    size_t offset; /* into the text */
    char message[160];
};

/* Appends what `text` says to `out`, whose items have room for MATCHERS_MAX in all. Texts are
 * copied to `arena`. False fills `error`; what was appended until then stays, to be freed. */
MUST_USE bool matchers_parse(struct matchers *out, struct slice text, struct arena *arena,
                             struct matcher_error *error);

/* Brings them into Alertmanager's order, which the group key shows. */
void matchers_sort(struct matchers *matchers);

/* Frees the regular expressions. */
void matchers_done(struct matchers *matchers);

/* Whether all hold; the empty list holds. A regular expression that hits a limit does not match,
 * for either operator. */
bool matchers_hold(const struct matchers *matchers, const struct labels *labels,
                   struct regex_scratch *scratch);

/* Appends `{name="value",…}` as Alertmanager prints it. */
void matchers_print(const struct matchers *matchers, struct buffer *out);
