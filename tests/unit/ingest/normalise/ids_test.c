/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/normalise/fixture.h"

TestSuite(ids, .init = fixture_start);

Test(ids, envelopes_goes_before_the_payloads_before_the_seed)
{
    struct event event = {0};
    step_ids(&arena, &input, &event);
    cr_expect(id_eq(event.id, input.seed));

    event.id = (struct id){{7}};
    step_ids(&arena, &input, &event);
    cr_expect(id_eq(event.id, (struct id){{7}}));

    input.envelope_id = (struct id){{9}};
    step_ids(&arena, &input, &event);
    cr_expect(id_eq(event.id, (struct id){{9}}));
}
