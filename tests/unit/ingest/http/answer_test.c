/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/http/rig.h"

static const struct http_field no_fields[1];

struct answering {
    struct rig rig;
    struct http_answer answer;
};

static void on_request(void *data, struct http_request *request, struct http_ticket *ticket)
{
    struct answering *answering = data;
    (void)request;
    http_reply(ticket, &answering->answer);
}

static int start(struct answering *answering, struct http_answer answer)
{
    rig_init(&answering->rig);
    answering->rig.options.on_request = on_request;
    answering->rig.options.data = answering;
    answering->answer = answer;
    rig_start(&answering->rig);
    return rig_connect(&answering->rig);
}

static void stop(struct answering *answering, int client)
{
    close(client);
    rig_stop(&answering->rig);
}

Test(answer, writes_status_fields_and_body)
{
    struct answering it;
    struct http_field fields[] = {{SLICE_INIT("X-Thing"), SLICE_INIT("value")},
                                  {SLICE_INIT("location"), SLICE_INIT("/a\r\nset-cookie: b")},
                                  {SLICE_INIT("retry-after"), SLICE_INIT("7")}};
    int client = start(&it, (struct http_answer){.status = 429,
                                                 .content_type = "application/json",
                                                 .body = SLICE("{}"),
                                                 .fields = fields,
                                                 .field_count = 3});
    cr_expect(rig_ask(&it.rig, client, "GET / HTTP/1.1\r\nhost: x\r\n\r\n", "\r\n\r\n{}"));
    cr_expect(strstr(it.rig.text, "HTTP/1.1 429 Too Many Requests\r\n"), "%s", it.rig.text);
    cr_expect(strstr(it.rig.text, "content-type: application/json\r\n"));
    cr_expect(strstr(it.rig.text, "Content-Length: 2\r\n"));
    cr_expect(strstr(it.rig.text, "x-thing: value\r\n"));
    cr_expect(strstr(it.rig.text, "retry-after: 7\r\n"));
    cr_expect_null(strstr(it.rig.text, "set-cookie"), "a field with a line break is left out");
    cr_expect_null(strstr(it.rig.text, "Server:"), "the server does not name itself");
    stop(&it, client);
}

Test(answer, leaves_the_body_out_for_head)
{
    struct answering it;
    int client = start(&it, (struct http_answer){.status = 200, .body = SLICE("body")});
    cr_expect(rig_ask(&it.rig, client, "HEAD / HTTP/1.1\r\nhost: x\r\n\r\n", "\r\n\r\n"));
    cr_expect(strstr(it.rig.text, "Content-Length: 4\r\n"));
    cr_expect_null(strstr(it.rig.text, "body"));
    stop(&it, client);
}

Test(answer, closes_when_told_to_and_only_then)
{
    struct answering it;
    int client = start(&it, (struct http_answer){.status = 204, .fields = no_fields});
    cr_expect(rig_ask(&it.rig, client, "GET / HTTP/1.1\r\nhost: x\r\n\r\n", "204 No Content"));
    it.answer.close = true;
    cr_expect(rig_ask(&it.rig, client, "GET / HTTP/1.1\r\nhost: x\r\n\r\n", "Connection: close"));
    cr_expect(it.rig.is_closed || rig_ends(&it.rig, client));
    stop(&it, client);
}

Test(answer, has_a_reason_for_statuses_it_does_not_know)
{
    struct answering it;
    int client = start(&it, (struct http_answer){.status = 299});
    cr_expect(rig_ask(&it.rig, client, "GET / HTTP/1.1\r\nhost: x\r\n\r\n", "HTTP/1.1 299 OK\r\n"));
    it.answer.status = 599;
    cr_expect(
        rig_ask(&it.rig, client, "GET / HTTP/1.1\r\nhost: x\r\n\r\n", "HTTP/1.1 599 Error\r\n"));
    stop(&it, client);
}

Test(answer, may_be_large_when_http2_is_not_offered)
{
    struct answering it;
    static char body[60000];
    memset(body, 'x', sizeof body);
    body[sizeof body - 1] = '!';
    rig_init(&it.rig);
    it.rig.options.offer_http2 = false;
    it.rig.options.on_request = on_request;
    it.rig.options.data = &it;
    it.answer = (struct http_answer){.status = 200, .body = slice_of(body, sizeof body)};
    rig_start(&it.rig);
    int client = rig_connect(&it.rig);
    cr_expect(rig_ask(&it.rig, client, "GET / HTTP/1.1\r\nhost: x\r\n\r\n", "xx!"));
    cr_expect(strstr(it.rig.text, "Content-Length: 60000\r\n"));
    stop(&it, client);
}

Test(answer, is_json_also_when_libh2o_refuses)
{
    static const struct {
        const char *request;
        const char *status;
    } cases[] = {
        {"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5000\r\n\r\n", "413 Content Too Large"},
        {"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip\r\n\r\n", "400 Bad Request"},
        {"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
         "400 Bad Request"},
        {"POST / HTTP/1.1\r\nhost: x\r\nexpect: more\r\ncontent-length: 1\r\n\r\n",
         "417 Expectation Failed"},
    };
    struct answering it;
    int client = start(&it, (struct http_answer){.status = 200});
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        close(client);
        client = rig_connect(&it.rig);
        cr_expect(rig_ask(&it.rig, client, cases[i].request, "\"causes\":[\""), "%zu: %s", i,
                  it.rig.text);
        cr_expect(strstr(it.rig.text, cases[i].status), "%zu: %s", i, it.rig.text);
        cr_expect(strstr(it.rig.text, "\r\n\r\n{\"detail\":\""), "%zu: %s", i, it.rig.text);
    }
    cr_expect_eq(rig_counter(&it.rig.server->counters.too_big), 1u);
    cr_expect_eq(rig_counter(&it.rig.server->counters.bad_requests), 3u);
    stop(&it, client);
}
