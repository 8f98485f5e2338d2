/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/node.h"
#include "tests/unit/rules/fixture.h"

Test(node, a_rule_that_lacks_its_only_list_is_left_out_and_reported)
{
    static const struct {
        const char *detection;
        uint32_t rules;
    } cases[] = {
        {"    s: {f|expand: '%list%'}\n    condition: s", 0},
        {"    s: {f|expand: ['%list%', b]}\n    condition: s", 1},
        {"    s: {f: a}\n    t: {g|expand: '%list%'}\n    condition: s and t", 0},
        {"    s: {f: a}\n    t: {g|expand: '%list%'}\n    condition: s and not t", 1},
        {"    s: {f: a}\n    t: {g|expand: '%list%'}\n    condition: s or t", 1},
        {"    s: {f: a}\n    t: {g|expand: '%list%'}\n    condition: s and not 1 of t*", 1},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        problems_init(&f->problems, &f->arena);
        fixture_detection(f, cases[i].detection);
        cr_expect_eq(ruleset_count(f->set), cases[i].rules, "%s", cases[i].detection);
        cr_expect_eq(f->problems.errors, 0);
        cr_expect_eq(f->problems.warnings, cases[i].rules == 0 ? 2 : 1);
    }
    fixture_free(f);
}
