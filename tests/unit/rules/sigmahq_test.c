/* SPDX-License-Identifier: Apache-2.0 */
/* The public rules and the cases made of them; skipped where the data is not there. */
#include "tests/unit/rules/fixture.h"

#define RULES 4096u

static struct fixture *load_all(void)
{
    struct fixture *f = fixture_new();
    struct slice tar;
    struct slice name;
    struct slice content;
    if (!sample_read(&f->arena, "sigma/sigmahq_rules.tar.gz", &tar)) {
        fixture_free(f);
        cr_skip_test("no shared data");
    }
    struct rules_source *sources = ARENA_ARRAY(&f->arena, RULES, struct rules_source);
    uint32_t count = 0;
    while (sample_tar_next(&tar, &name, &content)) {
        if (slice_ends(name, SLICE(".yml")) && count < RULES) {
            sources[count++] = (struct rules_source){name, content};
        }
    }
    cr_assert_eq(count, 3780);
    fixture_load(f, sources, count);
    return f;
}

static uint32_t find_path(const struct ruleset *set, struct slice path)
{
    uint32_t i = 0;
    while (i < ruleset_count(set) && !slice_eq(ruleset_rule(set, i)->file, path)) {
        i++;
    }
    return i;
}

static bool holds(const struct fixture *f, uint32_t rule)
{
    uint32_t i = 0;
    while (i < f->count && f->indexes[i] != rule) {
        i++;
    }
    return i < f->count;
}

/* All rules load but those that can never hold without their placeholder lists. */
static void expect_loaded(struct fixture *f)
{
    cr_expect_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    uint32_t lacking = 0;
    for (const struct problem *p = f->problems.first; p != NULL; p = p->next) {
        bool is_value = slice_search(p->message, SLICE("stands for a list")) != p->message.len;
        bool is_rule = slice_search(p->message, SLICE("can never hold")) != p->message.len;
        cr_expect(is_value || is_rule, "%.*s", SLICE_ARG(problem_text(p, &f->arena)));
        lacking += is_rule;
    }
    cr_expect_eq(ruleset_count(f->set), 3780 - lacking);
    cr_expect_eq(lacking, 11);
}

static void expect_generated(struct fixture *f, struct slice text)
{
    struct slice line;
    uint32_t wrong = 0;
    while (sample_line(&text, &line)) {
        const struct value *row = fixture_json(f, line);
        uint32_t rule = find_path(f->set, value_string(value_get(row, SLICE("rule_path"))));
        bool expected = value_is(value_get(row, SLICE("expect")), VALUE_TRUE);
        fixture_match(f, value_get(row, SLICE("event")));
        if (holds(f, rule) != expected && wrong++ < 20) {
            cr_expect(false, "expected %d: %.*s", expected, SLICE_ARG(line));
        }
    }
    cr_expect_eq(wrong, 0, "%u rows wrong", wrong);
}

static void expect_regression(struct fixture *f, struct slice text)
{
    struct slice line;
    while (sample_line(&text, &line)) {
        const struct value *row = fixture_json(f, line);
        struct slice id = value_string(value_get(row, SLICE("rule_id")));
        uint32_t rule = ruleset_find(f->set, id);
        const struct value *wanted = value_first(value_get(row, SLICE("ref_match")));
        const struct value *event = value_first(value_get(row, SLICE("events")));
        for (; event != NULL; event = event->next, wanted = wanted->next) {
            fixture_match(f, event);
            cr_expect_eq(holds(f, rule), value_is(wanted, VALUE_TRUE), "%.*s", SLICE_ARG(id));
        }
    }
}

/* One test, since loading and sanitizers together take seconds. */
Test(sigmahq, rules_load_and_cases_are_answered_as_labelled, .timeout = 110)
{
    struct fixture *f = load_all();
    struct slice generated;
    struct slice regression;

    expect_loaded(f);
    cr_assert(sample_read(&f->arena, "sigma/generated_cases.jsonl.gz", &generated));
    expect_generated(f, generated);
    cr_assert(sample_read(&f->arena, "sigma/sigmahq_regression.jsonl.gz", &regression));
    expect_regression(f, regression);
    fixture_free(f);
}
