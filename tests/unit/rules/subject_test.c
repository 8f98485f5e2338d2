/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/subject.h"
#include "tests/unit/rules/fixture.h"

Test(subject, an_object_states_its_own_logsource)
{
    struct fixture *f = fixture_new();
    struct subject subject;
    const struct value *event =
        fixture_json(f, SLICE("{\"product\":\"windows\",\"category\":5,\"service\":\"s\"}"));
    subject_from_value(&subject, event, false, &f->event);

    cr_assert_eq(subject.facet_count, 1);
    cr_expect(slice_eq(subject.facets[0].product, SLICE("windows")));
    cr_expect(slice_eq(subject.facets[0].service, SLICE("s")));
    cr_expect_eq(subject.facets[0].category.len, 0u);
    cr_expect(subject.is_open && !subject.any_logsource);
    fixture_free(f);
}

Test(subject, a_fact_is_an_issue_of_tocsin)
{
    struct fixture *f = fixture_new();
    struct subject subject;
    static const struct subject_pair pairs[] = {
        {SLICE_INIT("event.action"), SLICE_INIT("new")},
        {SLICE_INIT("issue.title"), SLICE_INIT("ValueError: bad")}};
    fixture_text(f,
                 "title: t\nlogsource: {product: tocsin, category: issue}\n"
                 "detection: {s: {event.action: new}, k: [valueerror], condition: s and k}\n---\n"
                 "title: u\nlogsource: {product: other}\n"
                 "detection: {s: {event.action: new}, condition: s}\n");
    subject_from_pairs(&subject, pairs, 2, &f->event);

    cr_expect_eq(rules_match(f->set, f->scratch, &subject, f->indexes, 8), 1);
    cr_expect_eq(f->indexes[0], 0);
    fixture_free(f);
}
