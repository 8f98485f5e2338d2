/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/receivers.h"
#include <criterion/criterion.h>

Test(receivers, rows_are_whole_and_unique)
{
    uint32_t count = 0;
    const struct receiver_kind *kinds = receiver_kinds(&count);

    cr_expect_gt(count, 0);
    for (uint32_t i = 0; i < count; i++) {
        cr_expect_eq(receiver_kind_find(slice_str(kinds[i].config_key)), &kinds[i]);
        cr_expect(kinds[i].name != NULL && kinds[i].read != NULL && kinds[i].render != NULL);
    }
}

Test(receivers, unknown_kind_is_none)
{
    cr_expect_null(receiver_kind_find(SLICE("pigeon_configs")));
    cr_expect_not_null(receiver_kind_find(SLICE("webhook_configs")));
}
