/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/report_inside.h"
#include "tests/unit/ingest/decode/made.h"

TestSuite(report_host, .init = made_start, .fini = made_end);

Test(report_host, each_kind_is_stored_under_its_name)
{
    static const struct {
        report_fn *make;
        const char *stored;
        const char *message;
    } cases[] = {
        {report_ct, "expectct/date_time", "Expect-CT failed for 'a.example'"},
        {report_staple, "expectstaple/date_time", "Expect-Staple failed for 'a.example'"},
        {report_hpkp, "hpkp/date_time", "Public key pinning validation failed for 'a.example'"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct value *event = value_new(&made, VALUE_MAP);
        struct slice url = SLICE("");
        const struct value *body = made_of("{\"hostname\":\"a.example\",\"port\":443,"
                                           "\"date-time\":\"2026-11-24T00:00:00Z\"}");
        cr_assert(cases[i].make(&made, body, event, &url));
        made_expect(event, "message", cases[i].message);
        made_expect(event, cases[i].stored, "2026-11-24T00:00:00Z");
        made_expect(event, "tags/hostname", "a.example");
        made_expect(event, "tags/port", "443");
    }
}

Test(report_host, without_a_host_there_is_nothing_to_say)
{
    struct value *event = value_new(&made, VALUE_MAP);
    struct slice url = SLICE("");
    cr_expect_not(report_ct(&made, made_of("{\"port\":443}"), event, &url));
    cr_expect_not(report_hpkp(&made, made_of("{\"hostname\":\" \"}"), event, &url));
    cr_expect_not(report_staple(&made, made_of("{\"hostname\":{}}"), event, &url));
}
