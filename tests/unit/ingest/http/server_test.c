/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/http/rig.h"

#define GET_OK "GET / HTTP/1.1\r\nhost: x\r\n\r\n"
#define HELLO  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"

Test(server, keeps_connections_alive_and_pipelines)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig);
    int client = rig_connect(&rig);
    for (int i = 0; i < 3; i++) {
        cr_expect(rig_ask(&rig, client, GET_OK, "\r\n\r\nok"));
    }
    rig_send(client, SLICE(GET_OK GET_OK GET_OK));
    rig_turns(&rig, 10);
    cr_expect_eq(rig.request_count, 6u);
    cr_expect_eq(rig_counter(&rig.server->counters.accepted), 1u);
    close(client);
    rig_stop(&rig);
}

Test(server, says_continue_before_a_body_is_sent)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig);
    int client = rig_connect(&rig);
    cr_expect(
        rig_ask(&rig, client,
                "POST / HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n",
                "HTTP/1.1 100 Continue\r\n\r\n"));
    cr_expect(rig_ask(&rig, client, "hi", "\r\n\r\nok"));
    close(client);
    rig_stop(&rig);
}

Test(server, speaks_http2_only_when_it_is_offered)
{
    for (int offered = 0; offered < 2; offered++) {
        struct rig rig;
        rig_init(&rig);
        rig.options.offer_http2 = offered == 1;
        rig_start(&rig);
        int client = rig_connect(&rig);
        rig_send(client, SLICE(HELLO "\0\0\x03\x01\x05\0\0\0\x01\x82\x86\x84"));
        cr_expect_eq(rig_read(&rig, client, offered ? "ok" : "400 Bad Request"), true);
        close(client);
        rig_stop(&rig);
    }
}

Test(server, shares_a_loop_and_its_listeners)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig);
    struct http_server *other = http_server_new(rig.loop, &rig.options);
    int clients[8];
    for (int i = 0; i < 8; i++) {
        clients[i] = rig_connect(&rig);
        cr_expect(rig_ask(&rig, clients[i], GET_OK, "\r\n\r\nok"));
    }
    cr_expect_eq(http_server_connections(rig.server) + http_server_connections(other), 8u);
    for (int i = 0; i < 8; i++) {
        close(clients[i]);
    }
    http_server_free(other);
    cr_expect_eq(rig.request_count, 8u);
    rig_stop(&rig);
}

static void answer_held(void *data)
{
    struct rig *rig = data;
    struct http_ticket *ticket = rig->held[--rig->held_count];
    http_reply(ticket, &(struct http_answer){.status = 200, .body = SLICE("held")});
}

Test(server, drains_idle_connections_at_once_and_others_when_answered)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig);
    int idle = rig_connect(&rig);
    cr_expect(rig_ask(&rig, idle, GET_OK, "\r\n\r\nok"));
    rig.holds = true;
    int busy = rig_connect(&rig);
    rig_send(busy, SLICE(GET_OK));
    rig_turns(&rig, 5);
    http_server_drain(rig.server, 60000);
    http_server_drain(rig.server, 0);
    cr_expect(rig_ends(&rig, idle));
    cr_expect_eq(http_server_connections(rig.server), 1u);
    cr_assert_eq(rig.held_count, 1u);
    cr_expect(!http_ticket_is_gone(rig.held[0]));
    loop_defer(rig.loop, answer_held, &rig);
    cr_expect(rig_read(&rig, busy, "held"));
    cr_expect(strstr(rig.text, "Connection: close\r\n"));
    cr_expect(rig_ends(&rig, busy));
    cr_expect_eq(http_server_connections(rig.server), 0u);
    close(idle);
    close(busy);
    rig_stop(&rig);
}

Test(server, shuts_down_what_is_left_at_the_deadline)
{
    struct rig rig;
    rig_init(&rig);
    rig.holds = true;
    rig_start(&rig);
    int client = rig_connect(&rig);
    rig_send(client, SLICE(GET_OK));
    rig_turns(&rig, 5);
    http_server_drain(rig.server, 60);
    cr_expect(rig_read(&rig, client, "503 Service Unavailable"));
    cr_expect(rig_ends(&rig, client) || rig.is_closed);
    cr_expect_eq(http_server_connections(rig.server), 0u);
    close(client);
    rig_stop(&rig);
}

Test(server, sends_goaway_when_it_drains)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig);
    int client = rig_connect(&rig);
    rig_send(client, SLICE(HELLO "\0\0\x03\x01\x05\0\0\0\x01\x82\x86\x84"));
    cr_expect(rig_read(&rig, client, "ok"));
    http_server_drain(rig.server, 60000);
    cr_expect(rig_read(&rig, client, "graceful shutdown"));
    cr_expect(rig_ends(&rig, client));
    close(client);
    rig_stop(&rig);
}

Test(server, refuses_new_connections_while_it_drains)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig);
    http_server_drain(rig.server, 60000);
    int client = rig_connect(&rig);
    rig_send(client, SLICE(GET_OK));
    rig_turns(&rig, 10);
    cr_expect_eq(rig_counter(&rig.server->counters.accepted), 0u);
    close(client);
    rig_stop(&rig);
}

Test(server, adopts_a_socket_pair)
{
    struct rig rig;
    int pair[2];
    rig_init(&rig);
    rig_start(&rig);
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
    server_adopt(rig.server, pair[0]);
    cr_expect(rig_ask(&rig, pair[1], GET_OK, "\r\n\r\nok"));
    close(pair[1]);
    rig_stop(&rig);
}

Test(server, is_freed_with_requests_and_handshakes_under_way)
{
    struct rig rig;
    rig_init(&rig);
    rig.holds = true;
    rig_start(&rig);
    int clients[4];
    for (int i = 0; i < 4; i++) {
        clients[i] = rig_connect(&rig);
    }
    rig_send(clients[0], SLICE(GET_OK));
    rig_send(clients[1], SLICE("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc"));
    rig_send(clients[2], SLICE(HELLO "\0\0\x03\x01\x05\0\0\0\x01\x82\x86\x84"
                                     "\0\0\x03\x01\x04\0\0\0\x03\x83\x86\x84"));
    rig_turns(&rig, 5);
    cr_expect_eq(rig.held_count, 2u);
    rig_stop(&rig);
    for (int i = 0; i < 4; i++) {
        close(clients[i]);
    }
}

Test(server, answers_a_request_that_came_just_before_the_drain)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig);
    int client = rig_connect(&rig);
    cr_expect(rig_ask(&rig, client, GET_OK, "\r\n\r\nok"));
    rig_send(client, SLICE(GET_OK)); /* in the kernel, not yet seen by us */
    http_server_drain(rig.server, 60000);
    cr_expect(rig_read(&rig, client, "\r\n\r\nok"));
    cr_expect(strstr(rig.text, "Connection: close\r\n"));
    cr_expect(rig_ends(&rig, client) || rig.is_closed);
    cr_expect_eq(http_server_connections(rig.server), 0u);
    close(client);
    rig_stop(&rig);
}
