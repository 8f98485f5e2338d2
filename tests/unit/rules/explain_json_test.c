/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/explain_fixture.h"

Test(explain_json, json_has_the_tree_with_all_values)
{
    struct fixture *f = fixture_new();
    struct value *root = NULL;
    fixture_text(f, RULE);
    const char *text = told(f, "{\"message\":\"a UNION SELECT\",\"n\":7,\"env\":\"test\"}", true);
    struct fault fault = value_parse_json(&f->arena, slice_str(text), &root);
    cr_assert(!fault_is(fault), "%s", text);
    cr_expect(value_is(value_get(root, SLICE("matches")), VALUE_FALSE));
    cr_expect(slice_eq(value_string(value_get(root, SLICE("rule"))), SLICE("u")));
    const struct value *because = value_get(root, SLICE("because"));
    cr_expect(slice_eq(value_string(value_get(because, SLICE("field"))), SLICE("env")), "%s", text);
    static const char *const parts[] = {
        "\"kind\":\"and\"",
        "\"name\":\"sel\",\"holds\":true",
        "\"field\":\"message\",\"test\":\"contains\",\"operand\":\"union select\",\"is_present\":"
        "true,\"value\":\"a UNION SELECT\",\"span\":[2,14]",
        "\"operand\":\"zzz\"",
        "\"name\":\"filter\",\"holds\":true",
    };
    expect_parts(text, parts, sizeof(parts) / sizeof(parts[0]));
    fixture_free(f);
}
