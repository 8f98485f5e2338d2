/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/limited.h"
#include "tests/unit/ingest/decode/made.h"

TestSuite(limited, .init = made_start, .fini = made_end);

Test(limited, what_is_written_is_read)
{
    struct limited limited = {0};
    struct limited back;
    limited.by[CATEGORY_ERROR] = SLICE("daily");
    limited.by[CATEGORY_SESSION] = SLICE("burst");

    struct slice text = limited_write(&made, SLICE("status=ok"), &limited);
    cr_expect(slice_eq(text, SLICE("status=ok&limited=error:daily&limited=session:burst")));
    limited_read(text, &back);
    for (unsigned i = 0; i < CATEGORY_COUNT; i++) {
        cr_expect(slice_eq(back.by[i], limited.by[i]));
    }
    text = limited_write(&made, SLICE(""), &limited);
    cr_expect(slice_starts(text, SLICE("limited=error:daily")));
}

Test(limited, names_nobody_knows_are_passed_over)
{
    struct limited limited;
    limited_read(SLICE("limited=future:x&limited=error&limited=&x=error:y"), &limited);
    cr_expect(slice_eq(limited.by[CATEGORY_ERROR], SLICE("limit")));
    cr_expect_eq(limited.by[CATEGORY_DEFAULT].len, 0u);
}

Test(limited, an_attachment_goes_where_its_event_goes)
{
    struct limited limited = {0};
    struct envelope envelope = {0};
    const struct envelope_item event = {.kind = ITEM_EVENT};
    const struct envelope_item file = {.kind = ITEM_ATTACHMENT};
    limited.by[CATEGORY_ERROR] = SLICE("daily");
    cr_assert_not(fault_is(envelope_add(&made, &envelope, &file)));
    cr_expect_eq(limited_item(&limited, &envelope, &file).len, 0u);

    cr_assert_not(fault_is(envelope_add(&made, &envelope, &event)));
    cr_expect(slice_eq(limited_item(&limited, &envelope, &file), SLICE("daily")));
    cr_expect(slice_eq(limited_item(&limited, &envelope, &event), SLICE("daily")));
}
