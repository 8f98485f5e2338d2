/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/ruleset.h"
#include "tests/unit/rules/fixture.h"

Test(atom_holds, names_the_value_that_made_it_hold)
{
    struct fixture *f = fixture_new();
    struct subject subject;
    fixture_detection(f, "    s: {a|contains: needle}\n    condition: s");
    const struct value *event = fixture_json(f, SLICE("{\"a\":[\"x\",\"a Needle y\",\"needle\"]}"));
    subject_from_value(&subject, event, true, &f->event);
    struct rules_scratch *s = f->scratch;
    fields_fill(&f->set->names, &s->fields, &subject);

    const struct field_value *value = atom_witness(&f->set->atoms.at[0], &s->fields, &s->atoms);
    cr_assert(value != NULL);
    cr_expect(slice_eq(value->raw, SLICE("a Needle y")));
    cr_expect(atom_holds(&f->set->atoms.at[0], &s->fields, &s->atoms));
    fields_reset(&s->fields);
    cr_expect_not(atom_holds(&f->set->atoms.at[0], &s->fields, &s->atoms));
    fixture_free(f);
}
