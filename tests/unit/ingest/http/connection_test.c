/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/http/rig.h"

#define GET_OK "GET / HTTP/1.1\r\nhost: x\r\n\r\n"

Test(connection, is_counted_while_it_is_open)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig);
    int one = rig_connect(&rig);
    int other = rig_connect(&rig);
    rig_turns(&rig, 3);
    cr_expect_eq(http_server_connections(rig.server), 2u);
    cr_expect_eq(rig_counter(&rig.server->counters.connections), 2u);
    close(one);
    rig_turns(&rig, 3);
    cr_expect_eq(http_server_connections(rig.server), 1u);
    close(other);
    rig_turns(&rig, 3);
    cr_expect_eq(rig_counter(&rig.server->counters.connections), 0u);
    cr_expect_eq(rig_counter(&rig.server->counters.accepted), 2u);
    rig_stop(&rig);
}

Test(connection, waits_in_the_backlog_at_the_cap)
{
    struct rig rig;
    rig_init(&rig);
    rig.options.connections_max = 1;
    rig_start(&rig);
    int one = rig_connect(&rig);
    cr_expect(rig_ask(&rig, one, GET_OK, "ok"));
    int other = rig_connect(&rig);
    rig_send(other, SLICE(GET_OK));
    rig_turns(&rig, 10);
    cr_expect_eq(http_server_connections(rig.server), 1u);
    cr_expect_eq(rig_counter(&rig.server->counters.paused), 1u);
    close(one);
    cr_expect(rig_read(&rig, other, "ok"));
    close(other);
    rig_stop(&rig);
}

Test(connection, is_closed_at_once_over_the_caps_of_its_address)
{
    struct rig rig;
    rig_init(&rig);
    rig.options.connections_per_address_max = 1;
    rig.options.connects_per_address_per_s = 2;
    rig_start(&rig);
    int one = rig_connect(&rig);
    cr_expect(rig_ask(&rig, one, GET_OK, "ok"));
    int other = rig_connect(&rig);
    cr_expect(rig_ends(&rig, other));
    close(other);
    cr_expect_eq(rig_counter(&rig.server->counters.refused_address), 1u);
    close(one);
    rig_turns(&rig, 3);
    close(rig_connect(&rig));
    rig_turns(&rig, 3);
    other = rig_connect(&rig);
    cr_expect(rig_ends(&rig, other));
    cr_expect_eq(rig_counter(&rig.server->counters.refused_rate), 1u);
    close(other);
    rig_stop(&rig);
}

Test(connection, can_be_shut_while_its_request_is_out)
{
    struct rig rig;
    rig_init(&rig);
    rig.holds = true;
    rig_start(&rig);
    int client = rig_connect(&rig);
    rig_send(client, SLICE(GET_OK));
    rig_turns(&rig, 5);
    cr_assert_eq(rig.held_count, 1u);
    connection_shut(rig.server->connections);
    connection_shut(rig.server->connections);
    cr_expect(rig_ends(&rig, client));
    close(client);
    rig_stop(&rig);
}

/* 1 MB of a body that is refused by its length, as clients send it that read only afterwards. */
Test(connection, lingers_until_a_client_has_read_the_refusal_of_its_body)
{
    struct rig rig;
    static char body[4096];
    rig_init(&rig);
    rig_start(&rig);
    int client = rig_connect(&rig);
    rig_send(client, SLICE("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1048576\r\n\r\n"));
    for (size_t i = 0; i < 256; i++) {
        rig_send(client, slice_of(body, sizeof body));
        rig_turns(&rig, 1);
    }
    cr_expect(rig_read(&rig, client, "413 Content Too Large"));
    cr_expect(rig_ends(&rig, client), "our half is closed");
    cr_expect_eq(http_server_connections(rig.server), 1u);
    close(client);
    rig_turns(&rig, 3);
    cr_expect_eq(http_server_connections(rig.server), 0u);
    rig_stop(&rig);
}
