/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/bits.h"
#include "rules/candidates.h"
#include "tests/unit/rules/fixture.h"

static uint64_t evaluated(const struct fixture *f)
{
    return rules_counts(f->scratch, 0)->candidate;
}

Test(candidates, an_expression_that_is_not_found_spares_the_rule)
{
    struct fixture *f = fixture_new();
    fixture_detection(f, "    s: {a|re: '(?:or|and) \\d{1,3}=\\d{1,3}'}\n    condition: s");

    cr_expect_not(fixture_holds(f, "{\"a\": \"a plain text, and one more\"}"));
    cr_expect_not(fixture_holds(f, "{\"a\": \"\"}"));
    cr_expect_eq(evaluated(f), 2, "by the oracle alone");
    cr_expect(fixture_holds(f, "{\"a\": \"x or 1=1\"}"));
    cr_expect_eq(evaluated(f), 4);
    fixture_free(f);
}

Test(candidates, what_the_wider_expression_finds_pcre_still_judges)
{
    struct fixture *f = fixture_new();
    fixture_detection(f, "    s: {a|re: '^[a-c]{3,5}$'}\n    condition: s");

    cr_expect_not(fixture_holds(f, "{\"a\": \"ab\"}"));
    cr_expect(fixture_holds(f, "{\"a\": \"abc\"}"));
    cr_expect(fixture_holds(f, "{\"a\": \"abcab\"}"));
    cr_expect_not(fixture_holds(f, "{\"a\": \"abcabc\"}"));
    fixture_free(f);
}

Test(candidates, each_value_is_looked_at_for_itself)
{
    struct fixture *f = fixture_new();
    fixture_detection(f, "    s: {a|re: '^[0-9]$'}\n    condition: s");

    cr_expect(fixture_holds(f, "{\"a\": [\"x\", \"5\", \"y\"]}"));
    cr_expect_not(fixture_holds(f, "{\"a\": [\"x5\", \"5y\"]}"));
    cr_expect_not(fixture_holds(f, "{\"a\": []}"));
    cr_expect_not(fixture_holds(f, "{\"b\": \"5\"}"));
    fixture_free(f);
}

Test(candidates, a_value_that_is_no_utf8_is_left_to_pcre)
{
    struct fixture *f = fixture_new();
    fixture_detection(f, "    s: {a|re: '[0-9][x-z]'}\n    condition: s");
    const struct subject_pair pairs[] = {{SLICE("a"), SLICE("\xff\xfe 5x")}};
    struct subject subject;

    subject_from_pairs(&subject, pairs, 1, &f->event);
    subject.any_logsource = true;
    cr_expect_eq(rules_match(f->set, f->scratch, &subject, f->indexes, 8192), 1);
    fixture_free(f);
}

Test(candidates, an_expression_that_may_be_empty_holds_for_every_value)
{
    struct fixture *f = fixture_new();
    fixture_detection(f, "    s: {a|re: '[0-9]*'}\n    condition: s");

    cr_expect(fixture_holds(f, "{\"a\": \"\"}"));
    cr_expect(fixture_holds(f, "{\"a\": \"x\"}"));
    cr_expect_not(fixture_holds(f, "{\"b\": \"x\"}"));
    fixture_free(f);
}

Test(candidates, two_rules_share_an_expression)
{
    struct fixture *f = fixture_new();
    fixture_text(f, "title: one\nlogsource: {category: c}\n"
                    "detection: {s: {a|re: '[0-9][x-z]'}, condition: s}\n---\n"
                    "title: two\nlogsource: {category: c}\n"
                    "detection: {s: {a|re: '[0-9][x-z]', b: 1}, condition: s}\n---\n"
                    "title: three\nlogsource: {category: c}\n"
                    "detection: {s: {a|re: '[0-9][x-z]'}, condition: not s}\n");

    cr_expect(fixture_holds(f, "{\"a\": \"5x\", \"b\": 1}"));
    cr_expect_eq(f->count, 2);
    cr_expect(fixture_holds(f, "{\"a\": \"x\", \"b\": 1}"));
    cr_expect_eq(f->count, 1);
    cr_expect_eq(f->indexes[0], 2);
    fixture_free(f);
}
