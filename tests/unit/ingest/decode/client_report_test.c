/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/decode/client_report.h"
#include "tests/unit/ingest/decode/made.h"

TestSuite(client_report, .init = made_start, .fini = made_end);

Test(client_report, lines_are_read_from_all_four_lists)
{
    struct contents contents = {0};
    const struct value *root = made_of(
        "{\"timestamp\":1,\"discarded_events\":[{\"reason\":\"sample_rate\",\"category\":\"error\","
        "\"quantity\":3},{\"reason\":\"my own words\",\"category\":\"future\",\"quantity\":1}],"
        "\"rate_limited_events\":[{\"reason\":\"rate_limited\",\"category\":\"session\","
        "\"quantity\":2}]}");
    cr_assert_not(fault_is(client_report_read(&made, root, &contents)));
    cr_assert_eq(contents.discard_count, 3u);
    cr_expect(slice_eq(contents.discards[0].reason, SLICE("sample_rate")));
    cr_expect_eq(contents.discards[0].category, CATEGORY_ERROR);
    cr_expect_eq(contents.discards[0].quantity, 3u);
    cr_expect(slice_eq(contents.discards[1].reason, SLICE("unknown")));
    cr_expect_eq(contents.discards[1].category, CATEGORY_DEFAULT);
    cr_expect_eq(contents.discards[2].category, CATEGORY_SESSION);
}

Test(client_report, quantities_that_are_no_counts_are_left_out)
{
    static const char *const quantities[] = {"0", "-1", "1e30", "\"x\"", "null", "1000000001"};
    for (size_t i = 0; i < sizeof(quantities) / sizeof(quantities[0]); i++) {
        struct contents contents = {0};
        struct slice json =
            arena_printf(&made, "{\"discarded_events\":[{\"quantity\":%s}]}", quantities[i]);
        cr_assert_not(
            fault_is(client_report_read(&made, made_of(arena_str(&made, json)), &contents)));
        cr_expect(contents.discard_count == 0 && contents.left_out == 1, "%s", quantities[i]);
    }
    struct contents contents = {0};
    cr_expect(fault_is(client_report_read(&made, made_of("[]"), &contents)));
}

Test(client_report, so_many_lines_are_read_and_the_others_left_out)
{
    struct value *root = made_of("{\"discarded_events\":[]}");
    struct value *list = (struct value *)(uintptr_t)value_get(root, SLICE("discarded_events"));
    struct contents contents = {0};
    for (unsigned i = 0; i <= DISCARDS_MAX; i++) {
        value_append(list, SLICE(""), made_of("{\"quantity\":1}"));
    }
    cr_assert_not(fault_is(client_report_read(&made, root, &contents)));
    cr_expect(contents.discard_count == DISCARDS_MAX && contents.left_out == 1);
}
