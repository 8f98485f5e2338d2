/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/items.h"
#include <criterion/criterion.h>

Test(items, every_row_is_found_by_its_name)
{
    for (int i = 0; i < ITEM_KIND_COUNT; i++) {
        enum item_kind kind = (enum item_kind)i;
        cr_expect_eq(item_kind_of(slice_str(item_name(kind))), kind, "%s", item_name(kind));
        cr_expect(item_category(kind) < CATEGORY_COUNT);
        cr_expect_not_null(category_name(item_category(kind)));
    }
}

Test(items, those_of_the_future_are_unknown)
{
    cr_expect_eq(item_kind_of(SLICE("unknown_thing")), ITEM_UNKNOWN);
    cr_expect_eq(item_kind_of(SLICE("")), ITEM_UNKNOWN);
    cr_expect_eq(item_kind_of(SLICE("Event")), ITEM_UNKNOWN);
    cr_expect_eq(item_kind_of(SLICE("event\0")), ITEM_UNKNOWN);
}

Test(items, what_android_calls_a_ui_profile_is_a_profile)
{
    cr_expect_eq(item_kind_of(SLICE("profile_chunk_ui")), ITEM_PROFILE_CHUNK);
}

Test(items, belong_to_an_event_or_stand_alone)
{
    cr_expect(item_needs_event_id(ITEM_EVENT));
    cr_expect(item_needs_event_id(ITEM_ATTACHMENT));
    cr_expect(item_needs_event_id(ITEM_USER_REPORT));
    cr_expect_not(item_needs_event_id(ITEM_SESSION));
    cr_expect_not(item_needs_event_id(ITEM_CLIENT_REPORT));
    cr_expect_not(item_needs_event_id(ITEM_UNKNOWN));
}

Test(items, are_counted_in_the_category_of_the_rate_limit_header)
{
    cr_expect_str_eq(category_name(item_category(ITEM_EVENT)), "error");
    cr_expect_str_eq(category_name(item_category(ITEM_CHECK_IN)), "monitor");
    cr_expect_str_eq(category_name(item_category(ITEM_LOG)), "log_item");
    cr_expect_str_eq(category_name(item_category(ITEM_CLIENT_REPORT)), "internal");
}
