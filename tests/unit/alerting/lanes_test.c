/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/lanes.h"
#include "ingest/base/limits.h"
#include <criterion/criterion.h>

Test(lanes, the_same_name_is_the_same_lane)
{
    struct lanes lanes = {NULL};
    char name[] = "team/webhook/0";
    struct lane *first = lanes_get(&lanes, slice_str(name));
    cr_assert_not_null(first);
    name[0] = 'x'; /* it keeps its own copy */

    cr_expect_eq(lanes_get(&lanes, SLICE("team/webhook/0")), first);
    cr_expect_neq(lanes_get(&lanes, SLICE("team/webhook/1")), first);
    cr_expect_not_null(lanes_get(&lanes, slice_of(NULL, 0)));
    lanes_done(&lanes);
    cr_expect_null(lanes.first);
}

Test(lanes, only_lanes_with_less_room_are_listed)
{
    struct lanes lanes = {NULL};
    struct outbox_lane busy[4];
    lanes_get(&lanes, SLICE("idle"));
    lanes_get(&lanes, SLICE("busy"))->under_way = 3;
    lanes_get(&lanes, SLICE("closed"))->is_closed = true;

    uint32_t count = lanes_busy(&lanes, DELIVERIES_PER_LANE_MAX, busy, 4);

    cr_assert_eq(count, 2);
    for (uint32_t i = 0; i < count; i++) {
        bool is_closed = slice_eq(busy[i].name, SLICE("closed"));
        cr_expect_eq(busy[i].room, is_closed ? 0 : DELIVERIES_PER_LANE_MAX - 3);
    }
    cr_expect_eq(lanes_busy(&lanes, DELIVERIES_PER_LANE_MAX, busy, 1), 1, "no more than fit");
    lanes_done(&lanes);
}

Test(lanes, an_opened_lane_counts_while_it_has_room)
{
    struct lanes lanes = {NULL};
    struct lane *lane = lanes_get(&lanes, SLICE("l"));
    cr_expect_not(lanes_opened(&lanes, 4));

    lane->has_opened = true;
    cr_expect(lanes_opened(&lanes, 4));
    lane->under_way = 4;
    cr_expect_not(lanes_opened(&lanes, 4), "full again");
    lane->under_way = 0;
    lane->is_closed = true;
    cr_expect_not(lanes_opened(&lanes, 4), "nothing may be sent there");
    lane->is_closed = false;
    lanes_settle(&lanes);

    cr_expect_not(lanes_opened(&lanes, 4));
    lanes_done(&lanes);
}

Test(lanes, tidy_forgets_what_has_nothing_to_remember)
{
    struct lanes lanes = {NULL};
    struct lane *busy = lanes_get(&lanes, SLICE("busy"));
    struct lane *closed = lanes_get(&lanes, SLICE("closed"));
    lanes_get(&lanes, SLICE("idle"));
    busy->under_way = 1;
    closed->is_closed = true;

    lanes_tidy(&lanes, false);
    cr_expect_eq(lanes_get(&lanes, SLICE("busy")), busy);
    cr_expect_eq(lanes_get(&lanes, SLICE("closed")), closed);
    cr_expect(closed->is_closed);

    lanes_tidy(&lanes, true);
    cr_expect_not(lanes_get(&lanes, SLICE("closed"))->is_closed, "opened by a reload");
    lanes_done(&lanes);
}
