/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/yaml.h"
#include "rules/rule_test.h"

struct reader {
    struct arena *arena;
    struct problems *problems;
    struct rule_test_file *out;
    bool is_sentry; /* of the file */
};

static bool refuse(const struct reader *r, const struct value *at, const char *what)
{
    problem_error(r->problems, r->out->name, at->line, at->column, "%s", what);
    return false;
}

/* ---- times ---- */

static int64_t unit_us(struct slice unit)
{
    static const struct {
        struct slice name;
        int64_t us;
    } units[] = {{SLICE_INIT("ms"), 1000},         {SLICE_INIT("s"), 1000000},
                 {SLICE_INIT("m"), 60000000},      {SLICE_INIT("h"), INT64_C(3600000000)},
                 {SLICE_INIT("d"), 86400000000LL}, {SLICE_INIT(""), 1000000}};
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (slice_eq(unit, units[i].name)) {
            return units[i].us;
        }
    }
    return 0;
}

/* The front of `text` that is digits, or that is none. */
static size_t run_of(struct slice text, bool digits)
{
    size_t i = 0;
    while (i < text.len && (text.at[i] >= '0' && text.at[i] <= '9') == digits) {
        i++;
    }
    return i;
}

bool rule_test_span(struct slice text, int64_t *out_us)
{
    const int64_t ten_years = 3650 * INT64_C(86400000000);
    int64_t sum = 0;
    MUST(out_us != NULL);
    if (text.len == 0) {
        return false;
    }
    while (text.len != 0) {
        size_t digits = run_of(text, true);
        size_t letters = run_of(slice_from(text, digits), false);
        int64_t us = unit_us(slice_head(slice_from(text, digits), letters));
        if (digits == 0 || digits > 12 || us == 0) {
            return false;
        }
        int64_t number = 0;
        for (size_t i = 0; i < digits; i++) {
            number = number * 10 + (text.at[i] - '0');
        }
        if (number > (ten_years - sum) / us) {
            return false;
        }
        sum += number * us;
        text = slice_from(text, digits + letters);
    }
    *out_us = sum;
    return true;
}

/* ---- events ---- */

/* A map, or the text of one. */
static const struct value *read_event(const struct reader *r, const struct value *written)
{
    struct value *parsed = NULL;
    if (written == NULL || written->kind == VALUE_MAP) {
        return written;
    }
    if (written->kind == VALUE_STRING &&
        !fault_is(value_parse_json(r->arena, written->of.text, &parsed)) &&
        parsed->kind == VALUE_MAP) {
        return parsed;
    }
    (void)refuse(r, written, "an event is a map, or the text of a JSON object");
    return NULL;
}

/* Room for `more` events after those that are there. */
static bool make_room(const struct reader *r, const struct value *at, struct rule_test *test,
                      int64_t more)
{
    if (more < 1 || more > (int64_t)(RULE_TEST_EVENTS_MAX - test->count)) {
        return refuse(r, at, "a test has 1 to 100000 events");
    }
    uint32_t count = test->count + (uint32_t)more;
    struct rule_test_event *wider = ARENA_ARRAY(r->arena, count, struct rule_test_event);
    if (wider == NULL) {
        return refuse(r, at, "no memory left");
    }
    if (test->count != 0) {
        memcpy(wider, test->events, test->count * sizeof(*wider));
    }
    test->events = wider;
    return true;
}

static bool read_events(const struct reader *r, const struct value *list, struct rule_test *test)
{
    if (list->kind != VALUE_LIST) {
        return refuse(r, list, "`events` is a list");
    }
    if (!make_room(r, list, test, list->count)) {
        return false;
    }
    for (const struct value *at = value_first(list); at != NULL; at = at->next) {
        const struct value *event = read_event(r, at);
        if (event == NULL) {
            return false;
        }
        test->events[test->count++] = (struct rule_test_event){event, 0, at->line};
    }
    return true;
}

static bool read_span(const struct reader *r, const struct value *map, const char *key,
                      int64_t *out_us)
{
    const struct value *written = value_get(map, slice_str(key));
    if (written == NULL) {
        return true;
    }
    if (!rule_test_span(value_text(written), out_us)) {
        return refuse(r, written, "a time is a number with ms, s, m, h or d: 0s, 1m30s");
    }
    return true;
}

/* One row of a timeline: an event, perhaps several times. */
static bool read_moment(const struct reader *r, const struct value *row, struct rule_test *test)
{
    static const char *const known[] = {"ts", "event", "times", "every"};
    int64_t at_us = 0;
    int64_t every_us = 0;
    int64_t times = 1;
    for (const struct value *at = value_first(row); at != NULL; at = at->next) {
        size_t i = 0;
        while (i < 4 && !slice_eq(at->key, slice_str(known[i]))) {
            i++;
        }
        if (i == 4) {
            return refuse(r, at, "a timeline's rows have ts, event, times and every");
        }
    }
    const struct value *count = value_get(row, SLICE("times"));
    const struct value *event = read_event(r, value_get(row, SLICE("event")));
    if (row->kind != VALUE_MAP || event == NULL) {
        return refuse(r, row, "a timeline's row is a map with `ts` and `event`");
    }
    if (count != NULL && !value_integer(count, &times)) {
        return refuse(r, count, "`times` is a number");
    }
    if (!read_span(r, row, "ts", &at_us) || !read_span(r, row, "every", &every_us) ||
        !make_room(r, row, test, times)) {
        return false;
    }
    for (int64_t i = 0; i < times; i++) {
        test->events[test->count++] =
            (struct rule_test_event){event, at_us + i * every_us, row->line};
    }
    return true;
}

static bool read_timeline(const struct reader *r, const struct value *list, struct rule_test *test)
{
    if (list->kind != VALUE_LIST || list->count == 0) {
        return refuse(r, list, "`timeline` is a list of {ts: 0s, event: {...}}");
    }
    test->is_timeline = true;
    for (const struct value *at = value_first(list); at != NULL; at = at->next) {
        if (!read_moment(r, at, test)) {
            return false;
        }
    }
    return true;
}

/* ---- what is expected ---- */

static bool read_expect(const struct reader *r, const struct value *at, struct rule_test *test)
{
    bool is_match = slice_eq(value_string(at), SLICE("match"));
    if (!is_match && !slice_eq(value_string(at), SLICE("none"))) {
        return refuse(r, at, "`expect` is match or none");
    }
    test->kind = is_match ? RULE_TEST_MATCH : RULE_TEST_NONE;
    return true;
}

static bool read_ids(const struct reader *r, const struct value *at, struct rule_test *test)
{
    bool well = at->kind == VALUE_LIST;
    for (const struct value *id = value_first(at); id != NULL && well; id = id->next) {
        well = id->kind == VALUE_STRING;
    }
    test->kind = RULE_TEST_IDS;
    test->ids = at;
    return well || refuse(r, at, "`matches` is a list of rule ids or names");
}

static bool read_fires(const struct reader *r, const struct value *at, struct rule_test *test)
{
    int64_t fires = 0;
    if (!value_integer(at, &fires) || fires < 0 || fires > (int64_t)RULE_TEST_EVENTS_MAX) {
        return refuse(r, at, "`fires` is a number");
    }
    test->kind = RULE_TEST_FIRES;
    test->fires = (uint32_t)fires;
    return true;
}

static bool read_name(const struct reader *r, const struct value *at, struct rule_test *test)
{
    test->name = value_text(at);
    return test->name.len != 0 || refuse(r, at, "`name` is a text");
}

static bool read_sentry(const struct reader *r, const struct value *at, struct rule_test *test)
{
    return value_bool(at, &test->is_sentry) || refuse(r, at, "`sentry` is true or false");
}

/* ---- a test, a file ---- */

static const struct {
    struct slice key;
    bool (*read)(const struct reader *, const struct value *, struct rule_test *);
} members[] = {{SLICE_INIT("name"), read_name},         {SLICE_INIT("sentry"), read_sentry},
               {SLICE_INIT("events"), read_events},     {SLICE_INIT("expect"), read_expect},
               {SLICE_INIT("matches"), read_ids},       {SLICE_INIT("fires"), read_fires},
               {SLICE_INIT("timeline"), read_timeline}, {SLICE_INIT("description"), NULL}};
#define MEMBER_COUNT (sizeof(members) / sizeof(members[0]))

static bool read_member(const struct reader *r, const struct value *at, struct rule_test *test)
{
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (slice_eq(at->key, members[i].key)) {
            return members[i].read == NULL || members[i].read(r, at, test);
        }
    }
    return refuse(r, at, "a test has name, events or timeline, expect or matches or fires, sentry");
}

static struct rule_test *read_test(const struct reader *r, const struct value *map)
{
    struct rule_test *test = ARENA_NEW(r->arena, struct rule_test);
    uint32_t expected = 0;
    if (test == NULL || map->kind != VALUE_MAP) {
        (void)refuse(r, map, "a test is a map with name, events and expect");
        return NULL;
    }
    test->line = map->line;
    test->is_sentry = r->is_sentry;
    for (const struct value *at = value_first(map); at != NULL; at = at->next) {
        if (!read_member(r, at, test)) {
            return NULL;
        }
        expected += slice_eq(at->key, SLICE("expect")) || slice_eq(at->key, SLICE("matches")) ||
                    slice_eq(at->key, SLICE("fires"));
    }
    bool has_both =
        value_get(map, SLICE("events")) != NULL && value_get(map, SLICE("timeline")) != NULL;
    if (test->count == 0 || has_both || expected != 1) {
        (void)refuse(r, map,
                     "a test needs one of events and timeline, and one of expect, matches "
                     "and fires");
        return NULL;
    }
    return test;
}

static bool read_tests(const struct reader *r, const struct value *list)
{
    struct rule_test *last = NULL;
    if (list->kind != VALUE_LIST || list->count == 0) {
        return refuse(r, list, "`tests` is a list of tests");
    }
    for (const struct value *at = value_first(list); at != NULL; at = at->next) {
        struct rule_test *test = read_test(r, at);
        if (test == NULL) {
            return false;
        }
        *(last != NULL ? &last->next : &r->out->first) = test;
        last = test;
        r->out->count++;
    }
    return true;
}

static bool read_rules(const struct reader *r, const struct value *at)
{
    bool well = at->kind == VALUE_STRING || (at->kind == VALUE_LIST && at->count != 0);
    for (const struct value *each = value_first(at); each != NULL; each = each->next) {
        well = well && each->kind == VALUE_STRING;
    }
    r->out->rules = at;
    return well || refuse(r, at, "`rule` is a file, an id or a name, or a list of these");
}

static bool read_root(struct reader *r, const struct value *root)
{
    const struct value *tests = value_get(root, SLICE("tests"));
    const struct value *sentry = value_get(root, SLICE("sentry"));
    const struct value *rules = value_get(root, SLICE("rule"));
    for (const struct value *at = value_first(root); at != NULL; at = at->next) {
        if (at != tests && at != sentry && at != rules) {
            return refuse(r, at, "a file of tests has `rule`, `sentry` and `tests`");
        }
    }
    if (tests == NULL) {
        return refuse(r, root, "`tests` is missing");
    }
    if (sentry != NULL && !value_bool(sentry, &r->is_sentry)) {
        return refuse(r, sentry, "`sentry` is true or false");
    }
    return (rules == NULL || read_rules(r, rules)) && read_tests(r, tests);
}

bool rule_test_read(struct arena *arena, const struct rules_source *source,
                    struct problems *problems, struct rule_test_file *out)
{
    struct reader r = {.arena = arena, .problems = problems, .out = out};
    struct value *documents = NULL;
    *out = (struct rule_test_file){.name = source->name};
    if (!yaml_parse(arena, source->text, source->name, problems, &documents)) {
        return false;
    }
    MUST(documents->kind == VALUE_LIST);
    const struct value *root = value_first(documents);
    if (root == NULL || documents->count != 1 || root->kind != VALUE_MAP) {
        return refuse(&r, root != NULL ? root : documents, "one map is due here");
    }
    return read_root(&r, root);
}
