/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/rules/fixture.h"

Test(scratch, starts_at_nought_and_counts_for_its_thread)
{
    struct fixture *f = fixture_new();
    fixture_detection(f, "    s: {a|contains: text}\n    condition: s");
    struct rules_scratch *other = rules_scratch_new(f->set);
    cr_assert(other != NULL);

    (void)fixture_holds(f, "{\"a\":\"a text\"}");

    cr_expect_eq(rules_errors(f->scratch)->events, 2u); /* with and without the index */
    cr_expect_eq(rules_counts(f->scratch, 0)->matched, 2u);
    cr_expect_eq(rules_errors(other)->events, 0u);
    rules_scratch_free(other);
    rules_scratch_free(NULL);
    fixture_free(f);
}
