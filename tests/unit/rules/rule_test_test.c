/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/rule_test.h"
#include "tests/unit/rules/event_fixture.h"
#include "tests/unit/rules/fixture.h"

#define RULES                                                                                      \
    "title: A\nid: id-a\nname: a\nlogsource: {product: python}\n"                                  \
    "detection: {s: {message: boom}, condition: s}\n---\n"                                         \
    "title: B\nid: id-b\nlogsource: {}\ndetection: {s: {message|contains: oo}, condition: s}\n"

struct bench {
    struct fixture *f;
    struct rule_tests tests;
    struct buffer out;
};

/* As the decoders do, as far as rules look. */
static const struct event *decode(void *context, struct slice json, struct arena *arena,
                                  const char **reason)
{
    struct value *root = NULL;
    (void)context;
    if (fault_is(value_parse_json(arena, json, &root)) || value_get(root, SLICE("bad")) != NULL) {
        *reason = "it is bad";
        return NULL;
    }
    return event_of(arena, root);
}

static struct bench *bench_new(const char *rules)
{
    struct bench *b = calloc(1, sizeof(*b));
    cr_assert(b != NULL);
    b->f = fixture_new();
    const struct rules_source source = {SLICE("folder/a.yml"), slice_str(rules)};
    fixture_load(b->f, &source, 1);
    cr_assert_eq(b->f->problems.errors, 0, "%s", fixture_problem(b->f));
    buffer_init(&b->out, 1 << 20);
    b->tests = (struct rule_tests){.set = b->f->set,
                                   .scratch = b->f->scratch,
                                   .arena = &b->f->event,
                                   .decode = decode,
                                   .out = &b->out};
    cr_assert(rule_tests_init(&b->tests, &b->f->arena));
    return b;
}

static void bench_free(struct bench *b)
{
    fixture_free(b->f);
    buffer_done(&b->out);
    free(b);
}

/* The report of one file of tests. */
static const char *run(struct bench *b, const char *name, const char *yaml)
{
    struct rule_test_file file;
    const struct rules_source source = {slice_str(name), slice_str(yaml)};
    cr_assert(rule_test_read(&b->f->arena, &source, &b->f->problems, &file), "%s",
              fixture_problem(b->f));
    buffer_reset(&b->out);
    uint32_t failed = b->tests.failed;
    bool well = rule_tests_run(&b->tests, &file);
    cr_expect_eq(well, failed == b->tests.failed);
    return arena_str(&b->f->arena, buffer_slice(&b->out));
}

#define ONE(event, rest) "tests:\n  - {name: n, events: [" event "], " rest "}\n"

Test(rule_test, expectations_are_compared)
{
    static const struct {
        const char *tests;
        bool passes;
    } rows[] = {
        {ONE("{message: boom}", "expect: match"), true},
        {ONE("{message: boom}", "expect: none"), false},
        {ONE("{message: x}", "expect: none"), true},
        {ONE("{message: boom}, {message: x}", "expect: match"), false},
        {ONE("{message: boom}", "matches: [id-a, id-b]"), true},
        {ONE("{message: boom}", "matches: [a, id-b]"), true},
        {ONE("{message: boom}", "matches: [a]"), false},
        {ONE("{message: boo}", "matches: [id-b]"), true},
        {ONE("{message: x}", "matches: []"), true},
        {ONE("{message: boom, product: java}", "matches: [id-b]"), true},
        {ONE("{message: boom}, {message: x}", "fires: 1"), true},
        {ONE("{message: boom}, {message: x}", "fires: 2"), false},
    };
    struct bench *b = bench_new(RULES);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *report = run(b, "folder/a.test.yml", rows[i].tests);
        cr_expect_eq(strstr(report, "ok   folder/a.test.yml: 1 of 1 passed\n") != NULL,
                     rows[i].passes, "%s%s", rows[i].tests, report);
    }
    cr_expect_eq(b->tests.passed + b->tests.failed, sizeof(rows) / sizeof(rows[0]));
    bench_free(b);
}

Test(rule_test, a_failure_says_where_and_what)
{
    struct bench *b = bench_new(RULES);
    const char *report = run(b, "folder/a.test.yml", ONE("{message: boom}", "matches: [zz]"));
    cr_expect(strstr(report, "FAIL folder/a.test.yml:2: \"n\": event 1 of 1: A (id-a), B (id-b) "
                             "hold; expected: zz\n") != NULL,
              "%s", report);
    bench_free(b);
}

Test(rule_test, only_rules_under_test_count)
{
    struct bench *b = bench_new(RULES);
    const char *report =
        run(b, "folder/z.test.yml", "rule: id-b\n" ONE("{message: boom}", "matches: [id-b]"));
    cr_expect(strstr(report, "1 of 1 passed") != NULL, "%s", report);
    cr_expect_eq(rule_tests_untested(&b->tests), 1);
    report = run(b, "folder/x/z.test.yml",
                 "rule: [../a.yml]\n" ONE("{message: boom}", "matches: [id-a, id-b]"));
    cr_expect(strstr(report, "1 of 1 passed") != NULL, "%s", report);
    cr_expect_eq(rule_tests_untested(&b->tests), 0);
    report = run(b, "folder/z.test.yml", ONE("{message: boom}", "matches: [id-a, id-b]"));
    cr_expect(strstr(report, "1 of 1 passed") != NULL, "no file of that name: all; %s", report);
    report = run(b, "folder/a.test.yml", "rule: nothing.yml\n" ONE("{}", "expect: none"));
    cr_expect(strstr(report, "is called `nothing.yml`") != NULL, "%s", report);
    bench_free(b);
}

Test(rule_test, events_of_sdks_are_decoded)
{
    struct bench *b = bench_new(RULES);
    const char *report =
        run(b, "folder/a.test.yml",
            "sentry: true\n" ONE("{platform: python, message: boom}", "matches: [id-a, id-b]"));
    cr_expect(strstr(report, "1 of 1 passed") != NULL, "%s", report);
    report = run(b, "folder/a.test.yml",
                 "sentry: true\n" ONE("{platform: go, message: boom}", "matches: [id-b]"));
    cr_expect(strstr(report, "1 of 1 passed") != NULL, "facets gate; %s", report);
    report = run(b, "folder/a.test.yml", "sentry: true\n" ONE("{bad: 1}", "expect: none"));
    cr_expect(strstr(report, "event 1 of 1 is none: it is bad") != NULL, "%s", report);
    bench_free(b);
}
