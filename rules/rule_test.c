/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rule_test.h"
#include "ingest/base/json.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "rules/correlation.h"
#include "rules/explain.h"

bool rule_tests_init(struct rule_tests *tests, struct arena *keep)
{
    uint32_t rules = rule_tests_rules(tests);
    MUST(tests->scratch != NULL && tests->arena != NULL && tests->arena != keep);
    tests->under_test = ARENA_ARRAY(keep, rules + 1u, bool);
    tests->is_tested = ARENA_ARRAY(keep, rules + 1u, bool);
    tests->held = ARENA_ARRAY(keep, rules + 1u, uint32_t);
    tests->passed = 0;
    tests->failed = 0;
    return tests->under_test != NULL && tests->is_tested != NULL && tests->held != NULL;
}

uint32_t rule_tests_rules(const struct rule_tests *tests)
{
    return ruleset_count(tests->set) + ruleset_correlation_count(tests->set);
}

uint32_t rule_tests_untested(const struct rule_tests *tests)
{
    uint32_t untested = 0;
    for (uint32_t i = 0; i < rule_tests_rules(tests); i++) {
        untested += !tests->is_tested[i];
    }
    return untested;
}

/* ---- the rules under test ---- */

/* The folder of a path with its slash; empty for none. */
static struct slice folder_of(struct slice path)
{
    while (path.len != 0 && path.at[path.len - 1] != '/') {
        path.len--;
    }
    return path;
}

/* Whether `path` is `name` in the folder of `beside`. */
static bool is_file_beside(struct slice path, struct slice beside, struct slice name)
{
    struct slice folder = folder_of(beside);
    while (slice_starts(name, SLICE("../")) && folder.len > 1) {
        name = slice_from(name, 3);
        folder = folder_of(slice_head(folder, folder.len - 1));
    }
    return path.len == folder.len + name.len && slice_starts(path, folder) &&
           slice_ends(path, name);
}

/* Of a rule, or past them of a correlation. */
static const struct rule_info *info_of(const struct rule_tests *tests, uint32_t index)
{
    uint32_t rules = ruleset_count(tests->set);
    return index < rules ? ruleset_rule(tests->set, index)
                         : &ruleset_correlation(tests->set, index - rules)->info;
}

static bool is_named(const struct rule_info *rule, struct slice id)
{
    return slice_eq(rule->id, id) || (rule->name.len != 0 && slice_eq(rule->name, id));
}

/* A correlation's parts stand before it: those of its parts are reached on the way back. */
static void mark_parts(struct rule_tests *tests)
{
    uint32_t rules = ruleset_count(tests->set);
    for (uint32_t i = ruleset_correlation_count(tests->set); i > 0; i--) {
        const struct correlation *correlation = ruleset_correlation(tests->set, i - 1);
        for (uint32_t at = 0; at < correlation->plan.sources && tests->is_tested[rules + i - 1];
             at++) {
            const struct correlation_source *source = &correlation->sources[at];
            tests->is_tested[source->is_correlation ? rules + source->index : source->index] = true;
        }
    }
}

static bool choose(struct rule_tests *tests, struct slice test_file, struct slice name)
{
    bool found = false;
    for (uint32_t i = 0; i < rule_tests_rules(tests); i++) {
        const struct rule_info *rule = info_of(tests, i);
        if (is_named(rule, name) || is_file_beside(rule->file, test_file, name)) {
            tests->under_test[i] = tests->is_tested[i] = found = true;
        }
    }
    mark_parts(tests);
    return found;
}

/* "x.test.yml" is of "x.yml". */
static bool choose_by_file_name(struct rule_tests *tests, struct slice test_file)
{
    struct slice base = slice_from(test_file, folder_of(test_file).len);
    size_t dot = slice_search(base, SLICE(".test."));
    struct slice parts[] = {slice_head(base, dot), slice_from(base, dot + 5)};
    MUST(dot < base.len);
    return choose(tests, test_file, arena_concat(tests->arena, parts, 2));
}

/* The first name that no rule has; the empty slice when all is well. */
static struct slice choose_all(struct rule_tests *tests, const struct rule_test_file *file)
{
    uint32_t rules = rule_tests_rules(tests);
    memset(tests->under_test, 0, rules * sizeof(bool));
    if (value_is(file->rules, VALUE_STRING)) {
        struct slice name = file->rules->of.text;
        return choose(tests, file->name, name) ? slice_of(NULL, 0) : name;
    }
    if (file->rules != NULL) {
        for (const struct value *at = value_first(file->rules); at != NULL; at = at->next) {
            if (!choose(tests, file->name, at->of.text)) {
                return at->of.text;
            }
        }
    } else if (!choose_by_file_name(tests, file->name)) {
        memset(tests->under_test, 1, rules * sizeof(bool));
    }
    return slice_of(NULL, 0);
}

/* ---- one event ---- */

static bool make_subject(struct rule_tests *tests, const struct rule_test *test,
                         const struct value *value, struct subject *subject, const char **reason)
{
    struct buffer text;
    struct json json;
    if (!test->is_sentry) {
        subject_from_value(subject, value, false, tests->arena);
        return true;
    }
    MUST(tests->decode != NULL);
    buffer_init(&text, EVENT_BYTES_MAX);
    json_init(&json, &text);
    json_value(&json, value);
    struct slice copy = arena_copy(tests->arena, buffer_slice(&text));
    buffer_done(&text);
    const struct event *event = tests->decode(tests->context, copy, tests->arena, reason);
    if (event != NULL) {
        subject_from_event(subject, event, tests->arena);
    }
    return event != NULL;
}

/* Fills tests->held with the rules under test that hold; UINT32_MAX when the event is none. */
static uint32_t match(struct rule_tests *tests, const struct rule_test *test,
                      const struct value *event, const char **reason)
{
    uint32_t kept = 0;
    arena_reset(tests->arena);
    if (!make_subject(tests, test, event, &tests->subject, reason)) {
        return UINT32_MAX;
    }
    uint32_t count = rules_match(tests->set, tests->scratch, &tests->subject, tests->held,
                                 ruleset_count(tests->set));
    for (uint32_t i = 0; i < count; i++) {
        if (tests->under_test[tests->held[i]]) {
            tests->held[kept++] = tests->held[i];
        }
    }
    return kept;
}

/* Whether exactly the rules of `ids` are held. */
static bool is_exactly(const struct rule_tests *tests, uint32_t count, const struct value *ids)
{
    bool well = ids->count == count;
    for (const struct value *id = value_first(ids); id != NULL && well; id = id->next) {
        uint32_t i = 0;
        while (i < count && !is_named(ruleset_rule(tests->set, tests->held[i]), id->of.text)) {
            i++;
        }
        well = i < count;
    }
    return well;
}

static bool is_as_expected(const struct rule_tests *tests, const struct rule_test *test,
                           uint32_t count)
{
    switch (test->kind) {
    case RULE_TEST_MATCH:
        return count > 0;
    case RULE_TEST_NONE:
        return count == 0;
    case RULE_TEST_IDS:
        return is_exactly(tests, count, test->ids);
    case RULE_TEST_FIRES:
        return true; /* counted over all events */
    }
    NEVER("test kind outside its enum");
}

/* ---- the report ---- */

static void put_head(struct rule_tests *tests, const struct rule_test_file *file,
                     const struct rule_test *test, uint32_t line)
{
    buffer_add(tests->out, SLICE("FAIL "));
    buffer_add(tests->out, file->name);
    buffer_printf(tests->out, ":%u: \"", line);
    buffer_add(tests->out, test->name);
    buffer_add(tests->out, SLICE("\": "));
}

static void put_held(struct rule_tests *tests, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        buffer_add(tests->out, i == 0 ? SLICE("") : SLICE(", "));
        buffer_add(tests->out, ruleset_rule(tests->set, tests->held[i])->title);
        buffer_add(tests->out, SLICE(" ("));
        buffer_add(tests->out, ruleset_rule(tests->set, tests->held[i])->id);
        buffer_byte(tests->out, ')');
    }
}

static void put_ids(struct rule_tests *tests, const struct value *ids)
{
    for (const struct value *id = value_first(ids); id != NULL; id = id->next) {
        buffer_add(tests->out, id == value_first(ids) ? SLICE("") : SLICE(", "));
        buffer_add(tests->out, id->of.text);
    }
    buffer_add(tests->out, ids->count == 0 ? SLICE("none") : SLICE(""));
}

static void put_event_failure(struct rule_tests *tests, const struct rule_test *test,
                              uint32_t number, uint32_t count)
{
    buffer_printf(tests->out, "event %u of %u: ", number, test->count);
    if (count == 0) {
        buffer_add(tests->out, SLICE("no rule under test holds"));
    } else {
        put_held(tests, count);
        buffer_add(tests->out, count == 1 ? SLICE(" holds") : SLICE(" hold"));
    }
    if (test->kind == RULE_TEST_IDS) {
        buffer_add(tests->out, SLICE("; expected: "));
        put_ids(tests, test->ids);
    }
    buffer_byte(tests->out, '\n');
}

/* Why a rule holds that should not, or the first one does not that should. */
static void put_reason(struct rule_tests *tests, uint32_t count)
{
    struct explanation explanation;
    uint32_t rules = ruleset_count(tests->set);
    uint32_t rule = count != 0 ? tests->held[0] : 0;
    while (count == 0 && rule < rules && !tests->under_test[rule]) {
        rule++;
    }
    if (rule < rules) {
        explain(&explanation, tests->set, tests->scratch, &tests->subject, rule);
        explain_text(&explanation, SLICE("     | "), tests->out);
    }
}

static bool has_correlations(const struct rule_tests *tests)
{
    uint32_t i = ruleset_count(tests->set);
    while (i < rule_tests_rules(tests) && !tests->under_test[i]) {
        i++;
    }
    return i < rule_tests_rules(tests);
}

static bool run_timeline(struct rule_tests *tests, const struct rule_test_file *file,
                         const struct rule_test *test)
{
    uint32_t fires = 0;
    struct slice reason;
    if (!rule_tests_timeline(tests, test, &fires, &reason)) {
        put_head(tests, file, test, test->line);
        buffer_add(tests->out, reason);
        buffer_byte(tests->out, '\n');
        return false;
    }
    if (fires != test->fires) {
        put_head(tests, file, test, test->line);
        buffer_printf(tests->out, "fires %u times over %u events, expected %u\n", fires,
                      test->count, test->fires);
    }
    return fires == test->fires;
}

static bool run_test(struct rule_tests *tests, const struct rule_test_file *file,
                     const struct rule_test *test)
{
    uint32_t fired = 0;
    if (test->kind == RULE_TEST_FIRES && has_correlations(tests)) {
        return run_timeline(tests, file, test);
    }
    for (uint32_t i = 0; i < test->count; i++) {
        const char *reason = NULL;
        uint32_t count = match(tests, test, test->events[i].event, &reason);
        if (count == UINT32_MAX) {
            put_head(tests, file, test, test->events[i].line);
            buffer_printf(tests->out, "event %u of %u is none: %s\n", i + 1, test->count, reason);
            return false;
        }
        fired += count > 0;
        if (!is_as_expected(tests, test, count)) {
            put_head(tests, file, test, test->events[i].line);
            put_event_failure(tests, test, i + 1, count);
            put_reason(tests, count);
            return false;
        }
    }
    if (test->kind == RULE_TEST_FIRES && fired != test->fires) {
        put_head(tests, file, test, test->line);
        buffer_printf(tests->out, "fired %u times, expected %u\n", fired, test->fires);
        return false;
    }
    return true;
}

bool rule_tests_run(struct rule_tests *tests, const struct rule_test_file *file)
{
    uint32_t failed = 0;
    arena_reset(tests->arena);
    struct slice missing = choose_all(tests, file);
    if (missing.len != 0) {
        buffer_add(tests->out, SLICE("FAIL "));
        buffer_add(tests->out, file->name);
        buffer_printf(tests->out, ": no rule, and no file beside it, is called `%.*s`\n",
                      SLICE_ARG(missing));
        tests->failed += file->count;
        return false;
    }
    for (const struct rule_test *test = file->first; test != NULL; test = test->next) {
        failed += !run_test(tests, file, test);
    }
    tests->failed += failed;
    tests->passed += file->count - failed;
    buffer_add(tests->out, failed == 0 ? SLICE("ok   ") : SLICE("FAIL "));
    buffer_add(tests->out, file->name);
    buffer_printf(tests->out, ": %u of %u passed\n", file->count - failed, file->count);
    return failed == 0;
}
