/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ruleset.h"
#include "tests/unit/rules/fixture.h"

/* A rule of so many expressions of one field; gives what the index has of it. */
static const struct literals *with_expressions(struct fixture *f, unsigned count)
{
    size_t room = (size_t)count * 40 + 256;
    char *text = calloc(1, room);
    static const char head[] = "title: t\nlogsource: {category: test}\ndetection:\n"
                               "    condition: s\n    s:\n        a|re:\n";
    size_t used = (size_t)snprintf(text, room, "%s", head);
    for (unsigned i = 0; i < count; i++) {
        used += (size_t)snprintf(text + used, room - used, "        - '[0-9]%03x[x-z]'\n", i);
    }
    fixture_text(f, text);
    cr_assert_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    free(text);
    return f->set->index.fields[field_names_add(&f->set->names, SLICE("a"))].regexes;
}

Test(index_scan_limits, so_many_expressions_are_scanned_for_and_the_next_is_left_to_pcre)
{
    struct fixture *f = fixture_new();

    const struct literals *at = with_expressions(f, REGEXES_SCANNED_MAX);
    cr_expect_eq(at->scanned, REGEXES_SCANNED_MAX);
    cr_expect_eq(at->count, REGEXES_SCANNED_MAX);

    const struct literals *past = with_expressions(f, REGEXES_SCANNED_MAX + 1);
    cr_expect_eq(past->scanned, REGEXES_SCANNED_MAX);
    cr_expect_eq(past->count, REGEXES_SCANNED_MAX + 1);
    cr_expect(fixture_holds(f, "{\"a\": \"5400z\"}"));
    cr_expect(fixture_holds(f, "{\"a\": \"5000z\"}"));
    cr_expect_not(fixture_holds(f, "{\"a\": \"5401z\"}"));
    fixture_free(f);
}
