/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/explain.h"
#include "tests/unit/rules/fixture.h"

#define RULE                                                                                       \
    "title: Union\nid: u\nlevel: high\nlogsource: {category: application}\ndetection:\n"           \
    "  sel:\n    message|contains: ['zzz', 'Union Select', 'yyy']\n    n|gte: 5\n"                 \
    "  filter: {env: test}\n  condition: sel and not filter\n"

/* The text, or with `as_json` the JSON, about one event. */
static const char *told(struct fixture *f, const char *event, bool as_json)
{
    struct subject subject;
    struct explanation explanation;
    struct buffer out;
    struct json json;
    subject_from_value(&subject, fixture_json(f, slice_str(event)), false, &f->event);
    explain(&explanation, f->set, f->scratch, &subject, 0);
    buffer_init(&out, 1 << 20);
    json_init(&json, &out);
    if (as_json) {
        explain_json(&explanation, &json);
    } else {
        explain_text(&explanation, SLICE("> "), &out);
    }
    const char *text = arena_str(&f->arena, buffer_slice(&out));
    buffer_done(&out);
    return text;
}

static void expect_parts(const char *text, const char *const *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cr_expect(strstr(text, parts[i]) != NULL, "%s\nis not in\n%s", parts[i], text);
    }
}

Test(explain, a_match_shows_what_was_found_and_where)
{
    static const char *const parts[] = {
        "> MATCH     Union  (high)  test.yml:1\n",
        "> yes  all of\n",
        "> yes  ├─ sel\n",
        "> yes  │  ├─ message|contains: any of\n",
        "message contains \"union select\"   <- \"a >>UNION SELECT<< b\" at 2-14\n",
        "2 others\n",
        "n >= 5   <- \"7\" at 0-1\n",
        "> yes  └─ not\n",
        "> no      └─ filter\n",
        "env is \"test\"   <- not in the event\n",
    };
    struct fixture *f = fixture_new();
    fixture_text(f, RULE);
    const char *text = told(f, "{\"message\":\"a UNION SELECT b\",\"n\":7}", false);
    expect_parts(text, parts, sizeof(parts) / sizeof(parts[0]));
    cr_expect(strstr(text, "because") == NULL);
    fixture_free(f);
}

Test(explain, what_does_not_match_says_why_first)
{
    static const struct {
        const char *event;
        const char *because;
    } rows[] = {
        {"{\"message\":\"union select\",\"n\":7,\"env\":\"Test\"}",
         "because   filter holds: env is \"test\"; env is \"Test\" at 0-4\n"},
        {"{\"message\":\"nothing\",\"n\":7}",
         "because   sel does not hold: message|contains has none of its values is not so; message "
         "is \"nothing\"\n"},
        {"{\"message\":\"union select\",\"n\":4}",
         "because   sel does not hold: n >= 5 is not so; n is \"4\"\n"},
        {"{\"message\":\"union select\"}", "n is not in the event\n"},
        {"{\"category\":\"proxy\",\"message\":\"union select\",\"n\":7}",
         "because   the rule is for application, the event is proxy\n"},
    };
    struct fixture *f = fixture_new();
    fixture_text(f, RULE);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *text = told(f, rows[i].event, false);
        expect_parts(text, &rows[i].because, 1);
        cr_expect(strstr(text, "> NO MATCH  Union") == text, "%s", text);
    }
    fixture_free(f);
}

Test(explain, json_has_the_tree_with_all_values)
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
