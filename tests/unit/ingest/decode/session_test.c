/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/session.h"
#include "tests/unit/ingest/decode/made.h"

TestSuite(session, .init = made_start, .fini = made_end);

Test(session, one_has_a_start_and_a_release)
{
    static const struct {
        const char *json;
        bool good;
    } cases[] = {
        {"{\"sid\":\"a\",\"started\":\"2026-11-24T00:00:00Z\",\"attrs\":{\"release\":\"1\"}}",
         true},
        {"{\"started\":1700000000,\"attrs\":{\"release\":1}}", true},
        {"{\"started\":1700000000,\"attrs\":{\"release\":\" \"}}", false},
        {"{\"attrs\":{\"release\":\"1\"}}", false},
        {"[]", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t quantity = 0;
        bool good = !fault_is(session_read(made_of(cases[i].json), &quantity));
        cr_expect(good == cases[i].good && quantity == good, "%s", cases[i].json);
    }
}

Test(session, aggregates_are_summed_up)
{
    static const struct {
        const char *aggregates;
        uint32_t quantity;
    } cases[] = {
        {"[{\"exited\":5,\"errored\":1},{\"crashed\":2,\"abnormal\":1}]", 9},
        {"[{\"exited\":-5,\"errored\":\"x\"}]", 1},
        {"[]", 1},
        {"[{\"exited\":1000000000},{\"exited\":1000000000}]", 1000000000},
    };
    uint32_t quantity = 0;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice json = arena_printf(&made, "{\"aggregates\":%s,\"attrs\":{\"release\":\"1\"}}",
                                         cases[i].aggregates);
        cr_expect_not(
            fault_is(session_read_aggregates(made_of(arena_str(&made, json)), &quantity)));
        cr_expect_eq(quantity, cases[i].quantity, "%s", cases[i].aggregates);
    }
    cr_expect(fault_is(session_read_aggregates(made_of("{\"aggregates\":1}"), &quantity)));
    cr_expect(fault_is(session_read_aggregates(made_of("{\"aggregates\":[]}"), &quantity)));
}

Test(session, an_item_has_a_hundred_aggregates_and_not_one_more)
{
    struct value *root = made_of("{\"aggregates\":[],\"attrs\":{\"release\":\"1\"}}");
    struct value *list = (struct value *)(uintptr_t)value_get(root, SLICE("aggregates"));
    uint32_t quantity = 0;
    for (unsigned i = 0; i < 100; i++) {
        value_append(list, SLICE(""), made_of("{\"exited\":1}"));
    }
    cr_expect_not(fault_is(session_read_aggregates(root, &quantity)));
    cr_expect_eq(quantity, 100u);
    value_append(list, SLICE(""), made_of("{\"exited\":1}"));
    cr_expect(fault_is(session_read_aggregates(root, &quantity)));
}

Test(session, only_a_bad_ending_is_told)
{
    cr_expect(slice_eq(session_ending(made_of("{\"status\":\"abnormal\"}")), SLICE("abnormal")));
    cr_expect(slice_eq(session_ending(made_of("{\"status\":\"crashed\"}")), SLICE("crashed")));
    cr_expect_eq(session_ending(made_of("{\"status\":\"exited\"}")).len, 0u);
    cr_expect_eq(session_ending(made_of("{\"status\":1}")).len, 0u);
    cr_expect_eq(session_ending(made_of("[]")).len, 0u);
}
