/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/http/rig.h"

#define HELLO   "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"
#define GET_1   "\0\0\x03\x01\x05\0\0\0\x01\x82\x86\x84"
#define RESET_1 "\0\0\x04\x03\0\0\0\0\x01\0\0\0\x08"

static void reply_held(void *data)
{
    struct rig *rig = data;
    while (rig->held_count > 0) {
        http_reply(rig->held[--rig->held_count],
                   &(struct http_answer){.status = 200, .body = SLICE("held")});
    }
}

Test(ticket, hands_over_the_request_as_it_came)
{
    static const struct {
        const char *request;
        const char *seen;
    } cases[] = {
        {"GET /a/../b%2f?c=d?e HTTP/1.1\r\nHost: h:1\r\nX-Test: one\r\nx-test: two\r\n\r\n",
         "GET /a/../b%2f?c=d?e h:1 127.0.0.1 101 0 0 one"},
        {"POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 3\r\n\r\nabc",
         "POST /? h 127.0.0.1 101 0 3 "},
        {"POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: "
         "chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
         "POST /? h 127.0.0.1 101 0 3 "},
        {"OPTIONS * HTTP/1.1\r\nhost: h\r\n\r\n", "OPTIONS *? h 127.0.0.1 101 0 0 "},
        {"GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n", "GET /? default 127.0.0.1 100 0 0 "},
    };
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig);
    int client = rig_connect(&rig);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cr_expect(rig_ask(&rig, client, cases[i].request, "\r\n\r\nok"), "%zu: %s", i, rig.text);
        cr_expect_str_eq(rig.seen, cases[i].seen, "%zu: %s", i, rig.seen);
    }
    cr_expect_eq(rig_counter(&rig.server->counters.requests_http1), 5u);
    close(client);
    rig_stop(&rig);
}

Test(ticket, hands_over_http2_requests)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig);
    int client = rig_connect(&rig);
    rig_send(client, SLICE(HELLO "\0\0\x13\x01\x05\0\0\0\x01\x82\x86\x04\x06/p?q=r\x41\x01"
                                 "h\x40\x00\x00"));
    rig_read(&rig, client, "ok");
    cr_expect_eq(rig.request_count, 0u, "a name of no length is malformed");
    close(client);
    client = rig_connect(&rig);
    rig_send(client, SLICE(HELLO "\0\0\x0d\x01\x05\0\0\0\x01\x82\x86\x04\x06/p?q=r\x41\x01"
                                 "h"));
    cr_expect(rig_read(&rig, client, "ok"));
    cr_expect_str_eq(rig.seen, "GET /p?q=r h 127.0.0.1 200 0 0 ");
    cr_expect_eq(rig_counter(&rig.server->counters.requests_http2), 1u);
    close(client);
    rig_stop(&rig);
}

Test(ticket, can_be_answered_later_from_inside_the_loop)
{
    struct rig rig;
    rig_init(&rig);
    rig.holds = true;
    rig_start(&rig);
    int client = rig_connect(&rig);
    rig_send(client, SLICE("GET / HTTP/1.1\r\nhost: x\r\n\r\n"));
    rig_turns(&rig, 5);
    cr_assert_eq(rig.held_count, 1u);
    cr_expect(!http_ticket_is_gone(rig.held[0]));
    cr_assert(loop_post(rig.loop, reply_held, &rig));
    cr_expect(rig_read(&rig, client, "held"));
    close(client);
    rig_stop(&rig);
}

Test(ticket, costs_nothing_when_its_stream_is_reset_in_the_same_read)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig);
    int client = rig_connect(&rig);
    rig_send(client, SLICE(HELLO GET_1 RESET_1));
    rig_turns(&rig, 10);
    cr_expect_eq(rig.request_count, 0u);
    cr_expect_eq(rig_counter(&rig.server->counters.cancelled), 1u);
    cr_expect_eq(rig.server->ticket_count, 0u);
    close(client);
    rig_stop(&rig);
}

Test(ticket, is_gone_when_its_stream_is_reset_and_still_takes_its_answer)
{
    struct rig rig;
    rig_init(&rig);
    rig.holds = true;
    rig_start(&rig);
    int client = rig_connect(&rig);
    rig_send(client, SLICE(HELLO GET_1));
    rig_turns(&rig, 5);
    cr_assert_eq(rig.held_count, 1u);
    rig_send(client, SLICE(RESET_1));
    rig_turns(&rig, 5);
    cr_expect(http_ticket_is_gone(rig.held[0]));
    cr_expect_eq(rig_counter(&rig.server->counters.abandoned), 1u);
    cr_assert(loop_post(rig.loop, reply_held, &rig));
    rig_turns(&rig, 5);
    cr_expect_eq(rig.server->ticket_count, 0u);
    close(client);
    rig_stop(&rig);
}

Test(ticket, outlives_its_server)
{
    struct rig rig;
    rig_init(&rig);
    rig.holds = true;
    rig_start(&rig);
    int client = rig_connect(&rig);
    rig_send(client, SLICE("GET / HTTP/1.1\r\nhost: x\r\n\r\n"));
    rig_turns(&rig, 5);
    cr_assert_eq(rig.held_count, 1u);
    http_server_free(rig.server);
    rig.server = NULL;
    cr_expect(http_ticket_is_gone(rig.held[0]));
    close(client);
    rig_stop(&rig);
}

Test(ticket, is_refused_for_a_body_over_the_limit_in_either_protocol)
{
    struct rig rig;
    static char data[9 + 1001];
    rig_init(&rig);
    rig_start(&rig);
    int client = rig_connect(&rig);
    memset(data, 'x', sizeof data);
    rig_send(client, SLICE("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1001\r\n\r\n"));
    rig_send(client, slice_of(data, 1001));
    cr_expect(rig_read(&rig, client, "{\"detail\":\"request body is too large\",\"causes\":[]}"));
    close(client);
    client = rig_connect(&rig);
    rig_send(client, SLICE(HELLO "\0\0\x03\x01\x04\0\0\0\x01\x83\x86\x84"));
    memcpy(data, "\0\x03\xe9\0\x01\0\0\0\x01", 9);
    rig_send(client, slice_of(data, sizeof data));
    cr_expect(rig_read(&rig, client, "{\"detail\":\"request body is too large\",\"causes\":[]}"));
    cr_expect_eq(rig.request_count, 0u);
    cr_expect_eq(rig_counter(&rig.server->counters.too_big), 2u);
    close(client);
    rig_stop(&rig);
}
