/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/explain_fixture.h"

Test(explain, every_kind_of_test_has_words)
{
    static const char *const parts[] = {
        "a starts with \"x\"", "b ends with \"x\"",
        "c is like \"x*y?z\"", "d has a value",
        "e is there",          "f is null or missing",
        "g is in 10.0.0.0/8",  "h matches \"^x\"",
        "i is field j",        "k contains \"X\" (case matters)",
        "l hour >= 5",         "m is \"\"",
        "o is in fe80::/10",   "the text contains \"word\"",
        "p is like \" [-/]q",
    };
    struct fixture *f = fixture_new();
    fixture_detection(f,
                      "  s:\n    a|startswith: x\n    b|endswith: x\n    c: 'x*y?z'\n    d: '*'\n"
                      "    e|exists: true\n    f: null\n    g|cidr: 10.0.0.0/8\n    h|re: ^x\n"
                      "    i|fieldref: j\n    k|contains|cased: X\n    l|hour|gte: 5\n    m: ''\n"
                      "    o|cidr: fe80::/10\n    p|windash: ' -q*'\n"
                      "  t: [word]\n  condition: s and t");
    cr_assert_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    expect_parts(told(f, "{\"a\":1}", false), parts, sizeof(parts) / sizeof(parts[0]));
    fixture_free(f);
}
