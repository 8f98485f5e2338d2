/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/report_inside.h"
#include "tests/unit/ingest/decode/made.h"

TestSuite(report_nel, .init = made_start, .fini = made_end);

static const struct value *event_of(const char *element, const char *page)
{
    struct value *event = value_new(&made, VALUE_MAP);
    struct slice url = slice_str(page);
    return report_nel(&made, made_of(element), event, &url) ? event : NULL;
}

Test(report_nel, is_grouped_by_its_type_and_host)
{
    const struct value *event =
        event_of("{\"body\":{\"type\":\"tcp.refused\",\"phase\":\"connection\",\"status_code\":0,"
                 "\"server_ip\":\"192.0.2.1\",\"elapsed_time\":12}}",
                 "https://shop.example:8443/cart?x=1");
    made_expect(event, "type", "nel");
    made_expect(event, "message", "Network error tcp.refused at shop.example:8443");
    made_expect(event, "fingerprint/0", "network-error");
    made_expect(event, "fingerprint/1", "tcp.refused");
    made_expect(event, "fingerprint/2", "shop.example:8443");
    made_expect(event, "tags/phase", "connection");
    made_expect(event, "tags/status_code", "0");
    made_expect(event, "contexts/nel/elapsed_time", "12");
}

Test(report_nel, what_went_well_is_no_event)
{
    cr_expect_null(event_of("{\"body\":{\"type\":\"ok\"}}", "https://a.b/"));
    cr_expect_null(event_of("{\"body\":{}}", "https://a.b/"));
    cr_expect_null(event_of("{}", ""));
}
