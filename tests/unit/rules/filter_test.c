/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/fixture.h"

#define RULE                                                                                       \
    "title: r\nname: r\nid: 11111111-1111-4111-8111-111111111111\n"                                \
    "logsource: {category: c, product: p}\n"                                                       \
    "detection: {sel: {a: 1}, condition: 1 of them}\n---\n"
#define FILTER(source, rules, condition)                                                           \
    "title: f\nlogsource: " source "\nfilter:\n    rules: " rules "\n    sel: {b: 2}\n"            \
    "    condition: " condition "\n"

static bool holds(struct fixture *f, const char *yaml, const char *event)
{
    problems_init(&f->problems, &f->arena);
    fixture_text(f, yaml);
    cr_expect_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    return fixture_holds(f, event);
}

Test(filter, is_added_with_and_to_the_rules_it_names)
{
    static const char both[] = "{\"a\":1,\"b\":2}";
    struct fixture *f = fixture_new();
    cr_expect(holds(f, RULE FILTER("{}", "[r]", "not sel"), "{\"a\":1}"));
    cr_expect_not(holds(f, RULE FILTER("{}", "[r]", "not sel"), both));
    cr_expect_not(
        holds(f, RULE FILTER("{}", "[11111111-1111-4111-8111-111111111111]", "not sel"), both));
    cr_expect_not(holds(f, RULE FILTER("{category: c}", "any", "not sel"), both));
    cr_expect_not(holds(f, RULE FILTER("{category: c}", "[]", "not sel"), both));
    cr_expect(holds(f, RULE FILTER("{category: other}", "any", "not sel"), both));
    fixture_free(f);
}

Test(filter, doubtful_ones_are_warned_about)
{
    static const struct {
        const char *yaml;
        const char *warning;
    } cases[] = {
        {RULE FILTER("{}", "[r]", "sel"), "without `not`"},
        {RULE FILTER("{}", "[other]", "not sel"), "not there"},
        {RULE FILTER("{service: x}", "[r]", "not sel"), "states more"},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        (void)holds(f, cases[i].yaml, "{}");
        cr_expect_eq(f->problems.warnings, 1);
        cr_expect(strstr(fixture_problem(f), cases[i].warning) != NULL, "%s", fixture_problem(f));
    }
    fixture_free(f);
}

Test(filter, one_filter_serves_many_rules)
{
    struct fixture *f = fixture_new();
    cr_expect_not(
        holds(f,
              RULE "title: s\nname: s\nlogsource: {}\n"
                   "detection: {sel: {b: 2}, condition: sel}\n---\n" FILTER("{}", "any", "not sel"),
              "{\"a\":1,\"b\":2}"));
    cr_expect_eq(ruleset_count(f->set), 2);
    fixture_free(f);
}
