/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/explain_fixture.h"

Test(explain_text, a_match_shows_what_was_found_and_where)
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

Test(explain_text, what_does_not_match_says_why_first)
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
