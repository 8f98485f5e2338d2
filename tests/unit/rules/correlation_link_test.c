/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/correlation_fixture.h"

#define COUNT(name, rules, more)                                                                   \
    "title: " name "\nname: " name "\ncorrelation: {type: event_count, rules: " rules              \
    ", timespan: 1m, condition: {gte: 1}" more "}\n---\n"

static void load(struct fixture *f, const char *yaml)
{
    problems_init(&f->problems, &f->arena);
    fixture_text(f, yaml);
}

Test(correlation_link, names_that_lead_nowhere_are_errors)
{
    static const struct {
        const char *yaml;
        const char *said;
        uint32_t left;
    } cases[] = {
        {REPLAY_RULES COUNT("x", "[a, nobody]", ""), "not there, or has an error: `nobody`", 0},
        {REPLAY_RULES COUNT("x", "[y]", "") COUNT("y", "[x]", ""), "in a ring", 0},
        {REPLAY_RULES COUNT("x", "[x]", ""), "in a ring", 0},
        {REPLAY_RULES COUNT("x", "[y]", ", extra: 1, group-by: [g]") COUNT("y", "[a]", ""), "extra",
         1},
        {REPLAY_RULES COUNT("a", "[b]", ""), "another rule has the id or name: `a`", 0},
        {REPLAY_RULES COUNT("x", "[b]", "") COUNT("x", "[b]", ""), "another rule has the id", 1},
        {REPLAY_RULES COUNT("x", "[y]", "") COUNT("y", "[nobody]", ""), "not there", 0},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        load(f, cases[i].yaml);
        cr_expect(f->problems.errors != 0);
        cr_expect(strstr(fixture_problem(f), cases[i].said) != NULL, "%s: %s", cases[i].said,
                  fixture_problem(f));
        cr_expect_eq(ruleset_correlation_count(f->set), cases[i].left, "%s", cases[i].said);
    }
    fixture_free(f);
}

Test(correlation_link, a_childs_group_must_have_what_the_parent_asks_for)
{
    struct fixture *f = fixture_new();
    load(f,
         REPLAY_RULES COUNT("x", "[a]", ", group-by: [ip]") COUNT("y", "[x]", ", group-by: [who]"));
    cr_expect(strstr(fixture_problem(f), "its group-by lacks: `who`") != NULL, "%s",
              fixture_problem(f));
    load(f, REPLAY_RULES COUNT("x", "[a]", ", group-by: [ip]")
                COUNT("y", "[x]", ", group-by: [who], aliases: {who: {x: ip}}"));
    cr_expect_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    fixture_free(f);
}

Test(correlation_link, order_in_the_file_does_not_matter)
{
    struct fixture *f = fixture_new();
    load(f, COUNT("y", "[x, a]", "") COUNT("x", "[a]", "") REPLAY_RULES);
    cr_expect_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    cr_assert_eq(ruleset_correlation_count(f->set), 2);
    const struct correlation *child = ruleset_correlation(f->set, 0);
    cr_expect(slice_eq(child->info.name, SLICE("x")));
    cr_assert_eq(child->parent_count, 1);
    cr_expect_eq(child->parents[0].correlation, 1);
    cr_expect_eq(child->parents[0].source, 0);
    fixture_free(f);
}

Test(correlation_link, facts_feed_as_events_do)
{
    struct fixture *f = fixture_new();
    load(f, "title: n\nname: n\nlogsource: {product: tocsin, category: issue}\n"
            "detection: {sel: {event.action: new}, condition: sel}\n---\n" COUNT("x", "[n]", ""));
    cr_expect(f->problems.errors == 0 && f->problems.warnings == 0, "%s", fixture_problem(f));
    cr_expect_eq(ruleset_correlation(f->set, 0)->plan.sources, 1);
    fixture_free(f);
}

Test(correlation_link, generate_lets_the_rules_fire_on_their_own)
{
    struct fixture *f = fixture_new();
    load(f, REPLAY_RULES COUNT("x", "[a, b]", ", generate: true") COUNT("y", "[b, c]", ""));
    const bool expected[] = {false, false, true, false}; /* a, b, c, d */
    for (uint32_t i = 0; i < 4; i++) {
        cr_expect_eq(ruleset_rule(f->set, i)->is_referenced, expected[i], "rule %u", i);
    }
    fixture_free(f);
}

Test(correlation_link, chains_are_as_long_as_the_limit_and_not_one_more)
{
    struct fixture *f = fixture_new();
    for (uint32_t extra = 0; extra < 2; extra++) {
        struct slice yaml = SLICE(REPLAY_RULES);
        for (uint32_t i = 0; i < CORRELATION_DEPTH_MAX + extra; i++) {
            struct slice below = i == 0 ? SLICE("a") : arena_printf(&f->arena, "n%u", i - 1);
            /* the last first, so that linking goes all the way down */
            yaml = arena_printf(&f->arena,
                                "title: n%u\nname: n%u\ncorrelation: {type: event_count"
                                ", rules: %.*s, timespan: 1m, condition: {gte: 1}}\n"
                                "---\n%.*s",
                                i, i, SLICE_ARG(below), SLICE_ARG(yaml));
        }
        load(f, arena_str(&f->arena, yaml));
        cr_expect_eq(f->problems.errors != 0, extra != 0, "%s", fixture_problem(f));
    }
    fixture_free(f);
}
