/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/taxonomy_security.h"
#include "tests/unit/rules/event_fixture.h"
#include "tests/unit/rules/fixture.h"

/* Whether a rule of one item holds for the event. */
static bool holds(struct fixture *f, const char *json, const char *item)
{
    struct slice text = arena_printf(&f->arena, "    sel: {%s}\n    condition: sel", item);
    fixture_detection(f, arena_str(&f->arena, text));
    cr_assert_eq(f->problems.errors, 0, "%s", fixture_problem(f));
    const struct value *root = fixture_json(f, slice_str(json));
    struct event *event = event_of(&f->event, root);
    event->user.raw = value_get(root, SLICE("user"));
    event->request.raw = value_get(root, SLICE("request"));
    event->request.decoded =
        (struct decoded){SLICE("/p"), SLICE("q=<b>"), SLICE("b='x'"), SLICE("h=1"), SLICE("b=x")};
    struct subject subject;
    subject_from_event(&subject, event, &f->event);
    subject.any_logsource = true;
    return rules_match(f->set, f->scratch, &subject, f->indexes, 8) == 1;
}

Test(taxonomy_security, says_who_from_where_and_what)
{
    static const char *const rows[][2] = {
        {"{\"user\":{\"email\":\"a@b.c\"}}", "user.name: a@b.c"},
        {"{\"user\":{\"id\":\"7\"}}", "user.name: 7"},
        {"{\"message\":\"authn_login_fail:joe\"}", "user.name: joe"},
        {"{\"message\":\"authn_login_fail:joe\"}", "event.action: authn_login_fail"},
        {"{\"user\":{\"ip_address\":\"192.0.2.1\"}}", "source.ip: 192.0.2.1"},
        {"{\"tags\":{\"source.ip\":\"192.0.2.2\"}}", "source.ip: 192.0.2.2"},
        {"{\"request\":{\"env\":{\"REMOTE_ADDR\":\"192.0.2.3\"}}}", "client.ip: 192.0.2.3"},
        {"{\"request\":{\"headers\":[[\"X-Forwarded-For\",\"192.0.2.4, 10.0.0.1\"]]}}",
         "source.ip: 192.0.2.4"},
        {"{\"user\":{\"geo\":{\"continent_name\":\"Oceania\"}}}",
         "source.geo.continent_name: oceania"},
        {"{\"tags\":{\"source.geo.timezone\":\"UTC\"}}", "source.geo.timezone: UTC"},
        {"{\"tags\":{\"event.outcome\":\"failure\"}}", "event.outcome: failure"},
        {"{\"tags\":{\"http.status_code\":\"404\"}}", "http.response.status_code: 404"},
        {"{}", "http.request.decoded: /p"},
        {"{}", "http.request.decoded|contains: <b>"},
        {"{}", "http.request.decoded: \"b='x'\""},
        {"{}", "http.request.decoded: h=1"},
        {"{}", "url.query_decoded: q=<b>"},
        {"{}", "http.request.body.decoded: \"b='x'\""},
        {"{}", "url.path: /p"},
        {"{}", "http.request.unquoted: b=x"},
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        cr_expect(holds(f, rows[i][0], rows[i][1]), "%s %s", rows[i][0], rows[i][1]);
    }
    cr_expect_not(holds(f, "{}", "event.action|exists: true"));
    fixture_free(f);
}

Test(taxonomy_security, reads_csp_reports_of_both_kinds)
{
    static const char *const reports[] = {
        "{\"csp\":{\"blocked_uri\":\"https://evil.example/x.js\"}}",
        "{\"csp\":{\"csp-report\":{\"blocked-uri\":\"https://evil.example/x.js\"}}}",
        "{\"csp\":{\"type\":\"csp-violation\",\"body\":{\"blockedURL\":"
        "\"https://evil.example/x.js\"}}}",
    };
    struct fixture *f = fixture_new();
    for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
        cr_expect(holds(f, reports[i], "csp.blocked_uri: https://evil.example/x.js"), "%s",
                  reports[i]);
    }
    cr_expect(holds(f, "{\"csp\":{\"script-sample\":\"alert(1)\"}}", "csp.sample: alert(1)"));
    cr_expect_not(holds(f, "{\"csp\":{}}", "csp.blocked_uri|exists: true"));
    fixture_free(f);
}
