/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/intake/endpoint.h"
#include "ingest/http/reply.h"
#include "tests/unit/ingest/http/rig.h"

/* A server that makes the record, and answers as if it were kept. */
static struct rig rig;
static struct job job;
static struct slice limits;

static void on_request(void *data, struct http_request *request, struct http_ticket *ticket)
{
    struct route_hit hit = route_find(request->method, request->path);
    (void)data;
    cr_assert(hit.route != ROUTE_NONE);
    struct fault fault = endpoint_record(&job, request, &hit);
    if (fault_is(fault)) {
        reply_fault(ticket, fault);
        return;
    }
    job.event_id = (struct id){{0xfc, 0x6d}};
    job.ticket = ticket;
    job.limits = limits;
    job.is_limited = limits.len != 0;
    job.retry_after_s = 60;
    endpoint_answer(&job);
}

static void setup(void)
{
    job = (struct job){0};
    limits = slice_of(NULL, 0);
    cr_assert(arena_init(&job.keep, 1u << 20));
    rig_init(&rig);
    rig.options.on_request = on_request;
    rig_start(&rig);
}

static void teardown(void)
{
    rig_stop(&rig);
    arena_done(&job.keep);
}

TestSuite(endpoint, .init = setup, .fini = teardown);

static bool ask(const char *method, const char *path, const char *type, const char *needle)
{
    char text[1024];
    int client = rig_connect(&rig);
    snprintf(text, sizeof(text),
             "%s %s HTTP/1.1\r\nhost: x\r\ncontent-type: %s\r\norigin: https://a.b\r\n"
             "content-length: 2\r\n\r\n{}",
             method, path, type);
    bool came = rig_ask(&rig, client, text, needle);
    close(client);
    return came;
}

Test(endpoint, each_route_makes_its_record_and_has_its_answer)
{
    static const struct {
        const char *method;
        const char *path;
        const char *type;
        enum record_kind kind;
        const char *parameters;
        const char *answer;
    } cases[] = {
        {"POST", "/api/1/envelope/", "text/plain", RECORD_ENVELOPE, "",
         "{\"id\":\"fc6d0000000000000000000000000000\"}"},
        {"POST", "/api/1/store/", "application/json", RECORD_STORE, "", "{\"id\":"},
        {"POST", "/api/1/store/", "application/x-sentry-envelope; x=y", RECORD_ENVELOPE, "",
         "200 OK"},
        {"POST", "/api/1/security/?sentry_release=a%26b", "application/csp-report; charset=utf-8",
         RECORD_SECURITY, "sentry_release=a%26b&origin=https://a.b", "Content-Length: 0"},
        {"POST", "/api/1/nel/", "application/reports+json", RECORD_SECURITY, "origin=https://a.b",
         "200 OK"},
        {"POST", "/api/1/minidump", "multipart/form-data", RECORD_MINIDUMP, "origin=https://a.b",
         "fc6d0000-0000-0000-0000-000000000000"},
        {"POST", "/api/1/events/abc/attachments/", "multipart/form-data", RECORD_ATTACHMENTS,
         "event_id=abc&origin=https://a.b", "201 Created"},
        {"POST", "/api/1/cron/nightly/?status=ok&duration=2", "application/json", RECORD_CHECK_IN,
         "status=ok&duration=2&monitor_slug=nightly&origin=https://a.b", "202 Accepted"},
        {"GET", "/api/1/store/?sentry_data=e30%3D", "", RECORD_STORE, "", "image/gif"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        arena_reset(&job.keep);
        cr_expect(ask(cases[i].method, cases[i].path, cases[i].type, cases[i].answer), "%s: %s",
                  cases[i].path, rig.text);
        cr_expect_eq(job.entry.record.kind, cases[i].kind, "%s", cases[i].path);
        cr_expect(slice_eq(job.entry.record.parameters, slice_str(cases[i].parameters)), "%.*s",
                  SLICE_ARG(job.entry.record.parameters));
    }
    cr_expect(slice_eq(job.entry.record.body, SLICE("e30=")), "the pixel's, decoded");
}

Test(endpoint, reports_come_in_their_own_media_types)
{
    cr_expect(ask("POST", "/api/1/security/", "text/html", "415"));
    cr_expect(ask("POST", "/api/1/nel/", "", "415"));
    cr_expect(ask("POST", "/api/1/security/", "Application/JSON", "200 OK"));
    cr_expect(ask("GET", "/api/1/store/?sentry_key=x", "", "400"), "no data");
}

Test(endpoint, a_limit_is_told_and_never_to_a_clock)
{
    limits = SLICE("60:error:project:few");
    cr_expect(ask("POST", "/api/1/envelope/", "", "x-sentry-rate-limits: 60:error:project:few"));
    cr_expect(strstr(rig.text, "429") != NULL && strstr(rig.text, "retry-after: 60") != NULL);
    cr_expect(ask("POST", "/api/1/cron/a/", "", "202"));
}
