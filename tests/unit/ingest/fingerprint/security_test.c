/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/fingerprint/fixture.h"

TestSuite(security, .init = fixture_start);

#define CSP(members) "{\"csp\":{" members "}}"

Test(security, policy_violation_is_a_directive_and_an_origin)
{
    static const char *const rows[][2] = {
        {CSP("\"effective_directive\":\"img-src\",\"blocked_uri\":\"https://evil.example:8443/"
             "a?b\""),
         "img-src|evil.example:8443"},
        {CSP("\"effective_directive\":\"img-src\",\"blocked_uri\":\"ftp://evil.example/a\""),
         "img-src|ftp://evil.example"},
        {CSP("\"effective_directive\":\"img-src\",\"blocked_uri\":\"data:text/plain,x\""),
         "img-src|data:"},
        {CSP("\"violated_directive\":\"font-src https:\",\"blocked_uri\":\"\""), "font-src|'self'"},
        {CSP("\"effective_directive\":\"style-src\",\"blocked_uri\":\"https://shop.example/x.css\","
             "\"document_uri\":\"https://shop.example/cart\""),
         "style-src|'self'"},
        {CSP("\"effective_directive\":\"script-src\",\"blocked_uri\":\"inline\""),
         "script-src|'unsafe-inline'"},
        {CSP("\"effective_directive\":\"script-src-elem\",\"blocked_uri\":\"eval\""),
         "script-src-elem|'unsafe-eval'"},
        {CSP("\"effective_directive\":\"script-src\",\"blocked_uri\":\"self\","
             "\"violated_directive\":\"script-src 'unsafe-inline'\""),
         "script-src|'unsafe-inline'"},
        {CSP("\"effective_directive\":\"script-src\",\"blocked_uri\":\"https://evil.example\","
             "\"violated_directive\":\"script-src 'unsafe-inline'\""),
         "script-src|evil.example"},
        {CSP("\"effective_directive\":\"style-src\",\"blocked_uri\":\"inline\""),
         "style-src|'self'"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fixture_start();
        struct event event = {.root = fixture_tree(rows[i][0])};
        way_security(&parts, &event);
        EXPECT_COUNTED(VARIANT_SYSTEM, rows[i][1]);
    }
}

Test(security, other_reports_are_a_kind_and_a_host)
{
    static const char *const rows[][2] = {
        {"{\"expectct\":{\"hostname\":\"shop.example\",\"port\":443}}", "expect-ct|shop.example"},
        {"{\"expectstaple\":{\"hostname\":\"shop.example\"}}", "expect-staple|shop.example"},
        {"{\"hpkp\":{\"hostname\":\"shop.example\"}}", "hpkp|shop.example"},
        {"{\"csp\":7}", ""},
        {"{}", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fixture_start();
        struct event event = {.root = fixture_tree(rows[i][0])};
        way_security(&parts, &event);
        EXPECT_COUNTED(VARIANT_SYSTEM, rows[i][1]);
    }
}
