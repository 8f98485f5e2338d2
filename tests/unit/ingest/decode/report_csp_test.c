/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/report_inside.h"
#include "tests/unit/ingest/decode/made.h"

TestSuite(report_csp, .init = made_start, .fini = made_end);

static const struct value *event_of(const char *body)
{
    struct value *event = value_new(&made, VALUE_MAP);
    struct slice url = SLICE("");
    return report_csp(&made, made_of(body), event, &url) ? event : NULL;
}

Test(report_csp, both_spellings_make_the_same_event)
{
    static const char *const bodies[] = {
        "{\"document-uri\":\"https://a.b/\",\"blocked-uri\":\"https://evil.example/x.js?card=1#y\","
        "\"effective-directive\":\"script-src-elem\",\"violated-directive\":\"script-src 'self'\","
        "\"status-code\":200,\"line-number\":\"7\",\"source-file\":\"https://a.b/m.js\"}",
        "{\"documentURL\":\"https://a.b/\",\"blockedURL\":\"https://evil.example/x.js?card=1#y\","
        "\"effectiveDirective\":\"script-src-elem\",\"violatedDirective\":\"script-src 'self'\","
        "\"statusCode\":200,\"lineNumber\":\"7\",\"sourceFile\":\"https://a.b/m.js\"}"};
    for (size_t i = 0; i < 2; i++) {
        const struct value *event = event_of(bodies[i]);
        made_expect(event, "type", "csp");
        made_expect(event, "message", "Blocked 'script' from 'evil.example'");
        made_expect(event, "culprit", "script-src 'self'");
        made_expect(event, "csp/effective_directive", "script-src-elem");
        made_expect(event, "csp/blocked_uri", "https://evil.example/x.js");
        made_expect(event, "csp/document_uri", "https://a.b/");
        made_expect(event, "csp/status_code", "200");
        made_expect(event, "csp/line_number", "7");
        made_expect(event, "tags/blocked-uri", "https://evil.example/x.js");
        made_expect(event, "tags/effective-directive", "script-src-elem");
    }
}

Test(report_csp, messages_say_what_was_blocked)
{
    static const struct {
        const char *directive;
        const char *uri;
        const char *message;
    } cases[] = {
        {"img-src", "data", "Blocked 'image' from 'data'"},
        {"style-src-attr", "inline", "Blocked unsafe inline 'style'"},
        {"script-src", "eval", "Blocked unsafe eval() 'script'"},
        {"frame-src", "http://h.example:81/x", "Blocked 'frame' from 'h.example:81'"},
        {"font-src", "", "Blocked 'font' from 'self'"},
        {"fenced-frame-src", "https://n.example", "Blocked 'fenced-frame-src' from 'n.example'"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice body =
            arena_printf(&made, "{\"effective-directive\":\"%s\",\"blocked-uri\":\"%s\"}",
                         cases[i].directive, cases[i].uri);
        made_expect(event_of(arena_str(&made, body)), "message", cases[i].message);
    }
}

Test(report_csp, the_violated_directive_stands_in_for_the_effective_one)
{
    const struct value *event = event_of("{\"violated-directive\":\" img-src  https: \"}");
    made_expect(event, "csp/effective_directive", "img-src");
    made_expect(event, "csp/blocked_uri", "self");
    cr_expect_null(event_of("{\"blocked-uri\":\"x\"}"));
    cr_expect_null(event_of("{\"effective-directive\":[],\"violated-directive\":{}}"));
}
