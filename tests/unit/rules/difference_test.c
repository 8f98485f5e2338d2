/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/difference.h"
#include "tests/unit/rules/fixture.h"

#define RULE(id, value)                                                                            \
    "title: " id "\nid: " id "\nlogsource: {}\ndetection: {s: {a: " value "}, condition: "         \
    "s}\n---\n"

static void tell(void *context, enum rule_change change, const struct rule_info *info)
{
    static const char signs[] = {'+', '-', '~'};
    char *out = context;
    size_t used = strlen(out);
    snprintf(out + used, 64 - used, "%c%.*s ", signs[change], SLICE_ARG(info->id));
}

#define COUNT(id, number)                                                                          \
    "title: " id "\nid: " id "\ncorrelation: {type: event_count, rules: a, timespan: 1m, "         \
    "condition: {gte: " number "}}\n---\n"

Test(difference, correlations_are_told_as_rules_are)
{
    char told[64] = "";
    struct fixture *before = fixture_new();
    struct fixture *after = fixture_new();
    fixture_text(before, RULE("a", "1") COUNT("x", "2") COUNT("y", "2") COUNT("z", "2"));
    fixture_text(after,
                 RULE("a", "1") RULE("b", "1") COUNT("z", "2") COUNT("w", "2") COUNT("x", "3"));

    struct rules_difference found = rules_compare(before->set, after->set, tell, told);

    cr_expect_str_eq(told, "+b +w ~x -y ");
    cr_expect(found.added == 2 && found.removed == 1 && found.changed == 1);
    fixture_free(before);
    fixture_free(after);
}

Test(difference, rules_are_added_removed_and_changed_by_id)
{
    char told[64] = "";
    struct fixture *before = fixture_new();
    struct fixture *after = fixture_new();
    fixture_text(before, RULE("a", "1") RULE("b", "1") RULE("c", "1"));
    fixture_text(after, RULE("c", "2") RULE("b", "1") RULE("d", "1"));

    struct rules_difference found = rules_compare(before->set, after->set, tell, told);

    cr_expect_str_eq(told, "~c +d -a ");
    cr_expect(found.added == 1 && found.removed == 1 && found.changed == 1);
    found = rules_compare(before->set, before->set, NULL, NULL);
    cr_expect(found.added == 0 && found.removed == 0 && found.changed == 0);
    cr_expect_eq(rules_compare(NULL, after->set, NULL, NULL).added, 3);
    cr_expect_eq(rules_compare(after->set, NULL, NULL, NULL).removed, 3);
    fixture_free(before);
    fixture_free(after);
}
