/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/check_in.h"
#include "tests/unit/ingest/decode/made.h"

TestSuite(check_in, .init = made_start, .fini = made_end);

Test(check_in, the_url_wins_over_the_body)
{
    struct value *root = NULL;
    struct fault fault = check_in_from_url(
        &made, SLICE("{\"status\":\"ok\",\"monitor_slug\":\"other\",\"duration\":2}"),
        SLICE("monitor_slug=nightly%20job&status=error&origin=x&environment="), &root);
    cr_assert_not(fault_is(fault));
    made_expect(root, "monitor_slug", "nightly job");
    made_expect(root, "status", "error");
    made_expect(root, "duration", "2");
    cr_expect_null(value_get(root, SLICE("origin")));
    cr_expect_not(fault_is(check_in_judge(root)));

    cr_expect(fault_is(check_in_from_url(&made, SLICE("[1]"), SLICE(""), &root)));
    cr_expect(fault_is(check_in_from_url(&made, SLICE("{"), SLICE(""), &root)));
    cr_expect_not(fault_is(check_in_from_url(&made, SLICE(" \n"), SLICE("status=ok"), &root)));
}

Test(check_in, is_one_with_a_slug_and_a_known_status)
{
    static const struct {
        const char *json;
        bool good;
    } cases[] = {
        {"{\"monitor_slug\":\"a\",\"status\":\"ok\"}", true},
        {"{\"monitor_slug\":\"a\",\"status\":\"in_progress\",\"duration\":\"1.5\","
         "\"check_in_id\":\"fc6d8c0c43fc4630ad850ee518f1b9d0\"}",
         true},
        {"{\"monitor_slug\":\"a\",\"status\":\"ok\",\"check_in_id\":null,\"duration\":null}", true},
        {"{\"monitor_slug\":\"a\",\"status\":\"fine\"}", false},
        {"{\"monitor_slug\":\"a\"}", false},
        {"{\"status\":\"ok\"}", false},
        {"{\"monitor_slug\":\"a\",\"status\":\"ok\",\"duration\":-1}", false},
        {"{\"monitor_slug\":\"a\",\"status\":\"ok\",\"check_in_id\":\"x\"}", false},
        {"{\"monitor_slug\":\"12345678901234567890123456789012345678901234567890\","
         "\"status\":\"ok\"}",
         true},
        {"{\"monitor_slug\":\"123456789012345678901234567890123456789012345678901\","
         "\"status\":\"ok\"}",
         false},
        {"[]", false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_eq(!fault_is(check_in_judge(made_of(cases[i].json))), cases[i].good, "%s",
                     cases[i].json);
    }
}
