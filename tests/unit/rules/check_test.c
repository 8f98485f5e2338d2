/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/check.h"
#include "tests/unit/rules/fixture.h"

Test(check, prints_problems_and_a_sum)
{
    struct fixture *f = fixture_new();
    struct buffer out;
    buffer_init(&out, 65536);
    fixture_text(f, "title: t\nid: x\nlogsource: {}\ndetection: {s: {a: 1}, condition: s}\n---\n"
                    "title: u\nlogsource: {}\ndetection: {s: {a: 1}, condition: t}\n");

    cr_expect_eq(rules_check_text(f->set, &f->problems, &out), 1);
    static const char expected[] =
        "test.yml:2:5: warning: id is not a UUID\n"
        "test.yml:8:35: condition: no search identifier has this name: `t`\n"
        "1 rule, 1 error, 1 warning\n";
    cr_expect(slice_eq(buffer_slice(&out), slice_str(expected)), "%.*s",
              SLICE_ARG(buffer_slice(&out)));
    buffer_done(&out);
    fixture_free(f);
}

Test(check, a_clean_set_exits_with_nought)
{
    struct fixture *f = fixture_new();
    struct buffer out;
    buffer_init(&out, 65536);
    fixture_load(f, NULL, 0);

    cr_expect_eq(rules_check_text(f->set, &f->problems, &out), 0);
    cr_expect(slice_eq(buffer_slice(&out), SLICE("0 rules, 0 errors, 0 warnings\n")));
    cr_expect_eq(rules_check_text(NULL, &f->problems, &out), 1);
    buffer_done(&out);
    fixture_free(f);
}
