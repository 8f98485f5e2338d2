/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/decode/report.h"
#include "tests/unit/ingest/decode/made.h"

TestSuite(report, .init = made_start, .fini = made_end);

static const struct report_source source = {
    .received_us = INT64_C(1700000000000000),
    .user_agent = SLICE_INIT("Firefox"),
    .parameters = SLICE_INIT("sentry_release=shop%401&sentry_environment=prod&origin=https://a.b")};

static struct reports read(const char *json)
{
    struct reports reports;
    struct fault fault = report_events(&made, &source, made_of(json), &reports);
    cr_assert_not(fault_is(fault), "%s", fault.reason);
    return reports;
}

Test(report, says_what_the_request_said_beside_it)
{
    struct reports reports = read("{\"csp-report\":{\"document-uri\":\"https://a.b/page\","
                                  "\"violated-directive\":\"img-src 'self'\"}}");
    const struct value *event = value_first(reports.events);

    made_expect(event, "release", "shop@1");
    made_expect(event, "environment", "prod");
    made_expect(event, "timestamp", "1700000000.000000");
    made_expect(event, "request/url", "https://a.b/page");
    made_expect(event, "request/headers/0/1", "Firefox");
    made_expect(event, "request/headers/1/0", "Origin");
    made_expect(event, "user/ip_address", "{{auto}}");
}

Test(report, many_come_in_one_request_and_each_is_an_event)
{
    struct reports reports =
        read("[{\"type\":\"csp-violation\",\"age\":1500,\"url\":\"https://a.b/x\",\"user_agent\":"
             "\"Chrome\",\"body\":{\"effectiveDirective\":\"img-src\",\"blockedURL\":\"data\"}},"
             "{\"type\":\"deprecation\",\"body\":{\"id\":\"x\"}},"
             "{\"type\":\"csp-violation\",\"body\":{}},7,"
             "{\"type\":\"network-error\",\"url\":\"https://c.d/y\",\"body\":{\"type\":"
             "\"dns.name_not_resolved\"}}]");

    cr_expect_eq(reports.events->count, 2u);
    cr_expect_eq(reports.left_out, 3u, "other types, and what lacks its directive");
    made_expect(reports.events, "0/timestamp", "1699999998.500000");
    made_expect(reports.events, "0/request/url", "https://a.b/x");
    made_expect(reports.events, "0/request/headers/0/1", "Chrome");
    made_expect(reports.events, "0/type", "csp");
    made_expect(reports.events, "1/type", "nel");
}

Test(report, an_age_nobody_can_have_is_none)
{
    static const char *const ages[] = {"-5", "\"x\"", "1e300", "null", "1700000000001"};
    for (size_t i = 0; i < sizeof(ages) / sizeof(ages[0]); i++) {
        struct slice json = arena_printf(
            &made, "[{\"type\":\"csp\",\"age\":%s,\"body\":{\"effectiveDirective\":\"x\"}}]",
            ages[i]);
        struct reports reports = read(arena_str(&made, json));
        made_expect(reports.events, "0/timestamp", "1700000000.000000");
    }
}

Test(report, what_is_neither_one_nor_a_list_is_malformed)
{
    struct reports reports;
    static const char *const texts[] = {"1", "\"csp-report\"", "null", "true"};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct fault fault = report_events(&made, &source, made_of(texts[i]), &reports);
        cr_expect_eq(fault.kind, FAULT_MALFORMED, "%s", texts[i]);
    }
    cr_expect_eq(read("{\"x\":1}").left_out, 1u);
}

Test(report, a_request_may_have_so_many_and_not_one_more)
{
    struct value *list = value_new(&made, VALUE_LIST);
    struct reports reports;
    for (unsigned i = 0; i < REPORTS_PER_REQUEST_MAX; i++) {
        value_append(list, slice_of(NULL, 0), value_new(&made, VALUE_NULL));
    }
    struct fault fault = report_events(&made, &source, list, &reports);
    cr_expect_not(fault_is(fault));
    cr_expect_eq(reports.left_out, REPORTS_PER_REQUEST_MAX);

    value_append(list, slice_of(NULL, 0), value_new(&made, VALUE_NULL));
    fault = report_events(&made, &source, list, &reports);
    cr_expect_eq(fault.kind, FAULT_TOO_BIG);
}
