/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/reply.h"
#include "tests/unit/ingest/http/rig.h"

/* One way to answer, tried over a real connection. */
struct answer {
    enum { FAULT, METHOD, PREFLIGHT, JSON, TEXT } way;
    struct fault fault;
};

static void on_request(void *data, struct http_request *request, struct http_ticket *ticket)
{
    const struct answer *answer = data;
    (void)request;
    switch (answer->way) {
    case FAULT:
        reply_fault(ticket, answer->fault);
        return;
    case METHOD:
        reply_method(ticket, "POST, OPTIONS");
        return;
    case PREFLIGHT:
        reply_preflight(ticket);
        return;
    case JSON:
        reply_json(ticket, 201, SLICE("{\"a\":1}"));
        return;
    case TEXT:
        reply_text(ticket, 503, SLICE("not ready: stopping\n"));
        return;
    }
}

/* The whole answer, as it arrived; valid until the next call. */
static const char *answered(struct answer answer)
{
    static struct rig rig;
    rig_init(&rig);
    rig.options.on_request = on_request;
    rig.options.data = &answer;
    rig_start(&rig);
    int client = rig_connect(&rig);
    rig_send(client, SLICE("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"));
    cr_expect(rig_ends(&rig, client));
    close(client);
    rig_stop(&rig);
    return rig.text;
}

Test(reply, every_kind_of_fault_has_its_status)
{
    static const struct {
        enum fault_kind kind;
        const char *status;
        bool retries;
    } cases[] = {
        {FAULT_MALFORMED, "400 ", false},  {FAULT_UNAUTHORISED, "401 ", false},
        {FAULT_FORBIDDEN, "403 ", false},  {FAULT_NOT_FOUND, "404 ", false},
        {FAULT_TOO_BIG, "413 ", false},    {FAULT_UNSUPPORTED, "415 ", false},
        {FAULT_LIMITED, "429 ", true},     {FAULT_INTERNAL, "500 ", false},
        {FAULT_UNAVAILABLE, "503 ", true},
    };
    cr_expect_eq(sizeof(cases) / sizeof(cases[0]), FAULT_KIND_COUNT - 1u, "all but FAULT_NONE");
    cr_expect_eq(reply_status(FAULT_NONE), 200u);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *text =
            answered((struct answer){FAULT, fault_make(cases[i].kind, "it is wrong")});
        cr_expect_eq(strncmp(text + strlen("HTTP/1.1 "), cases[i].status, 4), 0, "%s", text);
        cr_expect_eq(reply_status(cases[i].kind), (unsigned)strtoul(cases[i].status, NULL, 10));
        cr_expect_eq(strstr(text, "retry-after: 5\r\n") != NULL, cases[i].retries, "%s", text);
        cr_expect(strstr(text, "x-sentry-error: it is wrong\r\n") != NULL, "%s", text);
        cr_expect(strstr(text, "access-control-allow-origin: *\r\n") != NULL, "%s", text);
        cr_expect(strstr(text, "{\"detail\":\"it is wrong\",\"causes\":[]}") != NULL, "%s", text);
    }
}

Test(reply, a_fault_in_a_body_says_where)
{
    struct fault fault = fault_at(FAULT_MALFORMED, "a comma is missing", 1234);
    const char *text = answered((struct answer){FAULT, fault});
    cr_expect(strstr(text, "\"causes\":[\"at byte 1234 of the body\"]") != NULL, "%s", text);
}

Test(reply, a_reason_cannot_break_out_of_json_or_header)
{
    struct fault fault = fault_make(FAULT_MALFORMED, "a \"quote\" and\r\nx-evil: 1");
    const char *text = answered((struct answer){FAULT, fault});
    cr_expect(strstr(text, "a \\\"quote\\\" and\\r\\nx-evil: 1\"") != NULL, "%s", text);
    cr_expect_null(strstr(text, "\r\nx-evil"), "a field with control characters is left out");
}

Test(reply, other_answers_carry_what_clients_look_for)
{
    static const struct {
        struct answer answer;
        const char *parts[4];
    } cases[] = {
        {{METHOD, {0}}, {"405 ", "allow: POST, OPTIONS\r\n", "\"causes\":[]}", ""}},
        {{PREFLIGHT, {0}},
         {"200 ", "access-control-allow-methods: POST\r\n", "x-sentry-auth",
          "access-control-max-age: 3600\r\n"}},
        {{JSON, {0}}, {"201 ", "content-type: application/json\r\n", "\r\n\r\n{\"a\":1}", ""}},
        {{TEXT, {0}},
         {"503 ", "content-type: text/plain; charset=utf-8\r\n", "not ready: stopping\n", ""}},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *text = answered(cases[i].answer);
        for (unsigned p = 0; p < 4; p++) {
            cr_expect(strstr(text, cases[i].parts[p]) != NULL, "%s in %s", cases[i].parts[p], text);
        }
        cr_expect(strstr(text, "access-control-expose-headers: x-sentry-error, ") != NULL);
    }
}
