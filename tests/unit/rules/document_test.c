/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/document.h"
#include "tests/unit/rules/fixture.h"

static struct documents read_text(struct fixture *f, const char *text)
{
    struct documents documents = {.arena = &f->arena};
    cr_expect(documents_read(&documents, SLICE("d.yml"), slice_str(text), &f->problems));
    return documents;
}

Test(document, kinds_are_told_by_their_keys)
{
    struct fixture *f = fixture_new();
    struct documents all =
        read_text(f, "title: a\ndetection: {}\n---\ncorrelation: {}\n---\nfilter: {}\n---\n");

    cr_assert_eq(all.count, 3);
    cr_expect_eq(all.at[0].kind, DOCUMENT_RULE);
    cr_expect_eq(all.at[1].kind, DOCUMENT_CORRELATION);
    cr_expect_eq(all.at[2].kind, DOCUMENT_FILTER);
    fixture_free(f);
}

Test(document, global_is_merged_until_reset_and_the_rule_wins)
{
    struct fixture *f = fixture_new();
    struct documents all = read_text(f, "action: global\nlevel: low\nlogsource: {product: p}\n---\n"
                                        "title: a\n---\ntitle: b\nlevel: high\n"
                                        "logsource: {service: s}\n---\naction: reset\n---\n"
                                        "title: c\n");

    cr_assert_eq(all.count, 3);
    cr_expect(slice_eq(value_text(value_get(all.at[0].root, SLICE("level"))), SLICE("low")));
    cr_expect(slice_eq(value_text(value_get(all.at[1].root, SLICE("level"))), SLICE("high")));
    const struct value *source = value_get(all.at[1].root, SLICE("logsource"));
    cr_expect(slice_eq(value_text(value_get(source, SLICE("product"))), SLICE("p")));
    cr_expect(slice_eq(value_text(value_get(source, SLICE("service"))), SLICE("s")));
    cr_expect(value_get(all.at[2].root, SLICE("level")) == NULL);
    cr_expect(value_get(all.at[0].root, SLICE("action")) == NULL);
    fixture_free(f);
}

Test(document, repeat_is_the_rule_before_with_changes)
{
    struct fixture *f = fixture_new();
    struct documents all = read_text(f, "title: a\nlevel: low\n---\naction: repeat\ntitle: b\n");

    cr_assert_eq(all.count, 2);
    cr_expect(slice_eq(value_text(value_get(all.at[1].root, SLICE("title"))), SLICE("b")));
    cr_expect(slice_eq(value_text(value_get(all.at[1].root, SLICE("level"))), SLICE("low")));
    fixture_free(f);
}

Test(document, what_is_no_rule_is_told)
{
    static const struct {
        const char *text;
        const char *problem;
    } cases[] = {{"- a\n- b\n", "a rule is a map"},
                 {"action: repeat\n", "repeat after a rule"},
                 {"action: other\n", "action is global"}};
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        problems_init(&f->problems, &f->arena);
        struct documents all = read_text(f, cases[i].text);
        cr_expect_eq(all.count, 0);
        cr_expect(strstr(fixture_problem(f), cases[i].problem) != NULL, "%s", fixture_problem(f));
    }
    fixture_free(f);
}
