/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/fixture.h"

#define REST                                                                                       \
    "logsource: {category: c, product: p, service: s, definition: text}\n"                         \
    "detection: {s: {a: 1}, condition: s}\n"

Test(info, a_rule_tells_of_itself)
{
    struct fixture *f = fixture_new();
    fixture_text(f, "title: T\nid: 6f3b0c5e-5d0b-4b52-9a35-0f7a2a1e6c01\nname: n\nlevel: high\n"
                    "status: test\nauthor: A\ndate: 2026-11-24\ntags: [attack.t1190, x.y]\n"
                    "falsepositives: none\nreferences: [u]\nteam: web\nnested: {a: b}\n"
                    "labels: {severity: page}\n" REST);

    cr_assert_eq(f->problems.errors + f->problems.warnings, 0, "%s", fixture_problem(f));
    const struct rule_info *info = ruleset_rule(f->set, 0);
    cr_expect(slice_eq(info->title, SLICE("T")) && slice_eq(info->name, SLICE("n")));
    cr_expect(slice_eq(info->id, SLICE("6f3b0c5e-5d0b-4b52-9a35-0f7a2a1e6c01")));
    cr_expect_eq(info->level, RULE_HIGH);
    cr_expect_str_eq(rule_level_name(info->level), "high");
    cr_expect(slice_eq(info->date, SLICE("2026-11-24")));
    cr_assert_eq(info->tag_count, 2);
    cr_expect(slice_eq(info->tags[1], SLICE("x.y")));
    cr_assert_eq(info->falsepositive_count, 1);
    cr_assert_eq(info->label_count, 2);
    cr_expect(slice_eq(info->labels[0].name, SLICE("severity")));
    cr_expect(slice_eq(info->labels[1].value, SLICE("web")));
    cr_expect(slice_eq(info->logsource.service, SLICE("s")));
    cr_expect(slice_eq(info->file, SLICE("test.yml")) && info->line == 1);
    fixture_free(f);
}

Test(info, the_id_falls_back_to_name_and_title)
{
    struct fixture *f = fixture_new();
    fixture_text(f, "title: T\nname: n\n" REST "---\ntitle: U\n" REST);

    cr_assert_eq(ruleset_count(f->set), 2);
    cr_expect(slice_eq(ruleset_rule(f->set, 0)->id, SLICE("n")));
    cr_expect(slice_eq(ruleset_rule(f->set, 1)->id, SLICE("U")));
    cr_expect_eq(ruleset_rule(f->set, 1)->level, RULE_MEDIUM);
    fixture_free(f);
}

Test(info, what_is_wrong_or_odd_is_told)
{
    static const struct {
        const char *yaml;
        const char *problem;
        bool is_error;
    } cases[] = {
        {REST, "title is missing", true},
        {"title: t\nlevel: severe\n" REST, "2:8: level is", true},
        {"title: t\ndetection: {s: {a: 1}, condition: s}\n", "logsource is missing", true},
        {"title: t\nlogsource: x\ndetection: {s: {a: 1}, condition: s}\n", "logsource is a map",
         true},
        {"title: t\nlogsource: {}\n", "detection is missing", true},
        {"title: t\nid: abc\n" REST, "not a UUID", false},
        {"title: t\nname: n\n" REST "---\ntitle: t\nname: n\n" REST, "another rule", true},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        problems_init(&f->problems, &f->arena);
        fixture_text(f, cases[i].yaml);
        cr_expect(strstr(fixture_problem(f), cases[i].problem) != NULL, "%s: %s", cases[i].yaml,
                  fixture_problem(f));
        cr_expect_eq(f->problems.errors != 0, cases[i].is_error, "%s", cases[i].yaml);
    }
    fixture_free(f);
}
