/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/http/inside.h"

#include <fcntl.h>
#include <sys/socket.h>

static void link_in(struct http_server *server, struct connection *connection)
{
    connection->next = server->connections;
    if (connection->next != NULL) {
        connection->next->previous = connection;
    }
    server->connections = connection;
    server->connection_count++;
    atomic_store_explicit(&server->counters.connections, server->connection_count,
                          memory_order_relaxed);
}

static void link_out(struct http_server *server, struct connection *connection)
{
    MUST(server->connection_count > 0);
    if (connection->previous != NULL) {
        connection->previous->next = connection->next;
    } else {
        MUST(server->connections == connection);
        server->connections = connection->next;
    }
    if (connection->next != NULL) {
        connection->next->previous = connection->previous;
    }
    server->connection_count--;
    atomic_store_explicit(&server->counters.connections, server->connection_count,
                          memory_order_relaxed);
}

static void end(struct connection *connection)
{
    struct http_server *server = connection->server;
    guard_done(&connection->guard);
    address_leave(server->addresses, connection->key);
    link_out(server, connection);
    free(connection);
    if (server->is_paused) {
        server_resume(server);
    }
}

static void on_linger(h2o_socket_t *socket, const char *error)
{
    struct connection *connection = socket->data;
    MUST(connection->is_lingering);
    h2o_buffer_consume(&socket->input, socket->input->size);
    if (error != NULL) {
        h2o_socket_close(socket);
        end(connection);
    }
}

static void linger(struct connection *connection)
{
    h2o_evloop_t *loop = loop_h2o(connection->server->loop);
    shutdown(connection->linger_fd, SHUT_WR);
    connection->is_lingering = true;
    connection->idle_ms = loop_now_ms(connection->server->loop);
    connection->socket = h2o_evloop_socket_create(loop, connection->linger_fd,
                                                  H2O_SOCKET_FLAG_IS_ACCEPTED_CONNECTION);
    connection->socket->data = connection;
    h2o_socket_read_start(connection->socket, on_linger);
}

/* libh2o has closed the socket, whose memory is still there. */
static void on_close(void *data)
{
    struct connection *connection = data;
    MUST(connection->request_count == 0);
    MUST(!connection->is_lingering);
    http_count(&connection->server->counters.bytes_out, connection->socket->bytes_written);
    if (connection->linger_fd >= 0) {
        linger(connection);
    } else {
        end(connection);
    }
}

static bool is_admitted(struct http_server *server, struct address_key key)
{
    switch (address_enter(server->addresses, key, loop_now_ms(server->loop))) {
    case ADDRESS_ADMITTED:
        return true;
    case ADDRESS_TOO_MANY:
        http_count(&server->counters.refused_address, 1);
        return false;
    case ADDRESS_TOO_FAST:
        http_count(&server->counters.refused_rate, 1);
        return false;
    }
    NEVER("an address verdict that is none");
}

void connection_open(struct http_server *server, h2o_socket_t *socket)
{
    struct sockaddr_storage peer = {0};
    struct connection *connection = h2o_mem_alloc(sizeof *connection);
    *connection = (struct connection){.server = server, .socket = socket, .linger_fd = -1};
    h2o_socket_getpeername(socket, (struct sockaddr *)&peer);
    connection->key = address_key((const struct sockaddr *)&peer, connection->address);
    if (!is_admitted(server, connection->key)) {
        free(connection);
        h2o_socket_close(socket);
        return;
    }
    http_count(&server->counters.accepted, 1);
    connection->idle_ms = loop_now_ms(server->loop);
    link_in(server, connection);
    guard_init(&connection->guard, &server->budget, connection->idle_ms);
    guard_attach(&connection->guard, socket, on_close, connection);
    h2o_accept(&server->accept, socket);
}

struct connection *connection_of(h2o_req_t *request)
{
    struct connection *connection = guard_data(request->conn->callbacks->get_socket(request->conn));
    MUST(connection != NULL);
    MUST(connection->server != NULL);
    return connection;
}

void connection_linger(struct connection *connection)
{
    if (connection->linger_fd < 0 && !connection->is_shut) {
        connection->linger_fd = fcntl(h2o_socket_get_fd(connection->socket), F_DUPFD_CLOEXEC, 0);
    }
}

void connection_end_input(struct connection *connection)
{
    MUST(connection->request_count == 0);
    if (!connection->is_shut) {
        shutdown(h2o_socket_get_fd(connection->socket), SHUT_RD);
    }
}

void connection_shut(struct connection *connection)
{
    if (!connection->is_shut) {
        connection->is_shut = true;
        shutdown(h2o_socket_get_fd(connection->socket), SHUT_RDWR);
    }
}
