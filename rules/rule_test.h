/* SPDX-License-Identifier: Apache-2.0 */
/* rule_test — tests that stand beside rules, and what running them finds.
 *
 *   sqli_error.yml          the rule (or several)
 *   sqli_error.test.yml     its tests:
 *
 *     rule: sqli_error.yml           a file beside this one, an id or a name, or a list of these;
 *                                    left out: the file of the same name without `.test`; when
 *                                    there is none, all rules
 *     sentry: true                   events are those of SDKs, with facets, ECS names and the
 *                                    rendered text; left out: taken as they stand. Also per test
 *     tests:
 *       - name: a quote breaks a query
 *         events:                    each is a map, or a text of JSON
 *           - {exception: {values: [{type: ProgrammingError, value: near "UNION"}]}}
 *         expect: match              every event makes at least one of the rules hold; or `none`:
 *                                    no event does
 *       - name: both rules see it
 *         events: [{…}]
 *         matches: [id or name, …]   exactly these of the rules hold for each event
 *       - name: ten failures in a minute
 *         timeline:                  for correlations: events with their times, from any start
 *           - {ts: 0s, event: {…}, times: 10, every: 5s}
 *           - {ts: 1m30s, event: {…}}
 *         fires: 1                   how often the rules under test that are correlations fire;
 *                                    without any, how many events make a rule hold
 *
 * `rule` chooses the rules under test; others that are loaded do not count, but correlations under
 * test may refer to them. An event that states no category, product or service is one that every
 * rule applies to. `ts` and `every` are numbers with ms, s, m, h or d, joined at will, or seconds.
 * Pure: who calls reads the disk.
 */
#pragma once
#include "ingest/base/buffer.h"
#include "rules/rules.h"

enum rule_test_kind { RULE_TEST_MATCH, RULE_TEST_NONE, RULE_TEST_IDS, RULE_TEST_FIRES };

struct rule_test_event {
    const struct value *event; /* a MAP */
    int64_t at_us;             /* of a timeline: since its start */
    uint32_t line;
};

struct rule_test {
    struct slice name;
    uint32_t line;
    enum rule_test_kind kind;
    bool is_sentry;
    bool is_timeline;
    const struct value *ids; /* RULE_TEST_IDS: a LIST of strings */
    uint32_t fires;          /* RULE_TEST_FIRES */
    struct rule_test_event *events;
    uint32_t count;
    struct rule_test *next;
};

struct rule_test_file {
    struct slice name;
    const struct value *rules; /* a STRING, a LIST of them, or NULL */
    struct rule_test *first;
    uint32_t count;
};

/* Fills `out` in `arena`. False after an error, told with its place to `problems`. Borrows the
 * source as long as `out` is used. Limit: RULE_TEST_EVENTS_MAX. */
bool rule_test_read(struct arena *arena, const struct rules_source *source,
                    struct problems *problems, struct rule_test_file *out);

/* "90s", "1m30s", "250ms", "12" to microseconds; false when it is none, or over ten years. */
bool rule_test_span(struct slice text, int64_t *out_us);

/* Gives an SDK's event after decode and normalise, in `arena`; NULL with `*reason` when it is
 * none. */
typedef const struct event *rule_test_decode(void *context, struct slice json, struct arena *arena,
                                             const char **reason);

/* A run over files. The caller sets the upper part; one thread. */
struct rule_tests {
    const struct ruleset *set;
    struct rules_scratch *scratch;
    struct arena *arena; /* reset for each event */
    rule_test_decode *decode;
    void *context;
    struct buffer *out; /* a line per file, more for what failed */

    bool *under_test;       /* by rule, then by correlation */
    uint32_t *held;         /* by match */
    bool *is_tested;        /* as under_test: some file has tested it */
    struct subject subject; /* of the last event */
    uint32_t passed;
    uint32_t failed;
};

/* Takes memory for the lower part from `keep`; false when that is full. */
bool rule_tests_init(struct rule_tests *tests, struct arena *keep);

/* Runs one file's tests and appends the report; false when one failed. */
bool rule_tests_run(struct rule_tests *tests, const struct rule_test_file *file);

/* Rules and correlations; and those of them that no file has tested. Correlations' parts count as
 * tested with them. */
uint32_t rule_tests_rules(const struct rule_tests *tests);
uint32_t rule_tests_untested(const struct rule_tests *tests);

/* How often the correlations under test fire over a test's events, as `tocsin rules replay` tells
 * it. False with `*reason` in tests->arena, when an event is none. */
bool rule_tests_timeline(struct rule_tests *tests, const struct rule_test *test,
                         uint32_t *out_fires, struct slice *reason);
