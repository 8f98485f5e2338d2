/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/server.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/http/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>

#define SWEEP_MS 1000u
#define DRAIN_MS 50u

/* A client has this long for its TLS handshake: a mobile one needs 3 s. */
#define HANDSHAKE_MS 10000u

/* Turns in which everything must be closed once it is shut down. */
#define FREE_TURNS_MAX 500u

static bool is_full(const struct http_server *server)
{
    return server->connection_count >= server->options.connections_max;
}

void server_pause(struct http_server *server)
{
    MUST(!server->is_paused);
    server->is_paused = true;
    http_count(&server->counters.paused, 1);
    for (unsigned i = 0; i < server->listener_count; i++) {
        h2o_socket_read_stop(server->listeners[i]);
    }
}

static void on_accept(h2o_socket_t *listener, const char *error)
{
    struct http_server *server = listener->data;
    if (error != NULL) {
        return;
    }
    for (unsigned i = 0; i < HTTP_ACCEPTS_PER_TURN; i++) {
        if (is_full(server)) {
            server_pause(server);
            return;
        }
        h2o_socket_t *socket = h2o_evloop_socket_accept(listener);
        if (socket == NULL) {
            /* Without a descriptor the listener would stay readable and the loop spin. */
            if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
                server_pause(server);
            }
            return;
        }
        connection_open(server, socket);
    }
}

void server_resume(struct http_server *server)
{
    MUST(server->is_paused);
    if (is_full(server)) {
        return;
    }
    server->is_paused = false;
    for (unsigned i = 0; i < server->listener_count; i++) {
        h2o_socket_read_start(server->listeners[i], on_accept);
    }
}

void server_adopt(struct http_server *server, int fd)
{
    h2o_evloop_t *loop = loop_h2o(server->loop);
    connection_open(server,
                    h2o_evloop_socket_create(loop, fd, H2O_SOCKET_FLAG_IS_ACCEPTED_CONNECTION));
}

static void listen_on(struct http_server *server, int fd)
{
    int bytes = HTTP_RECEIVE_BUFFER_BYTES;
    int ms = HTTP_UNACKNOWLEDGED_MS;
    int own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    MUST(own >= 0);
    MUST(server->listener_count < HTTP_LISTENERS_MAX);
    /* Accepted sockets inherit both. */
    setsockopt(own, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    setsockopt(own, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof ms);
    h2o_socket_t *listener =
        h2o_evloop_socket_create(loop_h2o(server->loop), own, H2O_SOCKET_FLAG_DONT_READ);
    listener->data = server;
    h2o_socket_read_start(listener, on_accept);
    server->listeners[server->listener_count++] = listener;
}

static void handle_path(struct http_server *server, h2o_pathconf_t *path)
{
    h2o_handler_t *handler = h2o_create_handler(path, sizeof(struct http_handler));
    ((struct http_handler *)handler)->server = server;
    handler->on_req = ticket_on_request;
    path->error_log.emit_request_errors = 0;
}

static void configure(struct http_server *server)
{
    const struct http_options *options = &server->options;
    h2o_globalconf_t *config = &server->config;
    h2o_config_init(config);
    config->server_name = h2o_iovec_init(NULL, 0);
    /* One byte more, so that a body just over the limit reaches us and gets our answer. */
    config->max_request_entity_size = options->body_bytes_max + 1;
    config->handshake_timeout = HANDSHAKE_MS;
    /* libh2o has one timer for waiting and receiving; the sweeper keeps them apart. */
    config->http1.req_timeout = (uint64_t)options->request_timeout_ms + options->idle_timeout_ms;
    config->http1.upgrade_to_http2 = options->offer_http2;
    config->http2.idle_timeout = options->idle_timeout_ms;
    h2o_hostconf_t *host =
        h2o_config_register_host(config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    handle_path(server, h2o_config_register_path(host, "/", 0));
    handle_path(server, &host->fallback_path);
    h2o_context_init(&server->context, loop_h2o(server->loop), config);
    server->accept = (h2o_accept_ctx_t){
        .ctx = &server->context, .hosts = config->hosts, .ssl_ctx = options->tls};
}

static void set_budget(struct http_server *server)
{
    server->budget = (struct guard_budget){.body_bytes_max = HTTP_SERVER_BODY_BYTES_MAX,
                                           .body_bytes_of_one_max = server->options.body_bytes_max,
                                           .bytes_in = &server->counters.bytes_in,
#define KILLED(constant, counter) .killed[constant] = &server->counters.counter,
                                           GUARD_REASONS(KILLED)
#undef KILLED
    };
}

static void check_options(const struct http_options *options)
{
    MUST(options->on_request != NULL);
    MUST(options->body_bytes_max > 0 && options->body_bytes_max < HTTP_SERVER_BODY_BYTES_MAX);
    MUST(options->connections_max > 0 && options->connections_per_address_max > 0);
    MUST(options->request_timeout_ms > 0 && options->idle_timeout_ms > 0);
    MUST(options->answer_timeout_ms > 0);
    MUST(options->listen_fd_count <= HTTP_LISTENERS_MAX);
}

struct http_server *http_server_new(struct loop *loop, const struct http_options *options)
{
    MUST(loop != NULL && !loop_is_turning(loop));
    check_options(options);
    struct http_server *server = calloc(1, sizeof *server);
    MUST(server != NULL);
    server->loop = loop;
    server->options = *options;
    unsigned rate = options->connects_per_address_per_s;
    server->addresses =
        address_table_new(options->connections_max, options->connections_per_address_max,
                          rate != 0 ? rate : HTTP_CONNECTS_PER_ADDRESS_PER_S);
    set_budget(server);
    configure(server);
    for (unsigned i = 0; i < options->listen_fd_count; i++) {
        listen_on(server, options->listen_fds[i]);
    }
    server->options.listen_fds = NULL;
    server->sweeper = loop_every(loop, SWEEP_MS, sweep, server);
    return server;
}

static void close_listeners(struct http_server *server)
{
    while (server->listener_count > 0) {
        h2o_socket_close(server->listeners[--server->listener_count]);
    }
    server->is_paused = false;
}

static void shut_all(struct http_server *server)
{
    ticket_expire(server, UINT64_MAX);
    for (struct connection *at = server->connections; at != NULL; at = at->next) {
        connection_shut(at);
    }
}

/* HTTP/1 connections between requests; HTTP/2 ones close by themselves after their GOAWAY. */
static void drain(void *data)
{
    struct http_server *server = data;
    if (loop_now_ms(server->loop) >= server->drain_ends_ms) {
        shut_all(server);
        return;
    }
    sweep_mark(server);
    for (struct connection *at = server->connections; at != NULL; at = at->next) {
        if (!at->is_busy && !at->guard.is_http2 && at->request_count == 0) {
            connection_end_input(at);
        }
    }
}

void http_server_drain(struct http_server *server, unsigned deadline_ms)
{
    if (server->drainer != NULL) {
        return;
    }
    close_listeners(server);
    server->drain_ends_ms = loop_now_ms(server->loop) + deadline_ms;
    server->drainer = loop_every(server->loop, DRAIN_MS, drain, server);
    h2o_context_request_shutdown(&server->context);
    drain(server);
}

unsigned http_server_connections(const struct http_server *server)
{
    return server->connection_count;
}

const struct http_counters *http_server_counters(const struct http_server *server)
{
    return &server->counters;
}

static void shut_all_later(void *data)
{
    shut_all(data);
}

void http_server_free(struct http_server *server)
{
    if (server == NULL) {
        return;
    }
    MUST(!loop_is_turning(server->loop));
    close_listeners(server);
    server->is_closing = true;
    for (unsigned turn = 0; server->connection_count > 0 || server->dispatch_is_due; turn++) {
        MUST(turn < FREE_TURNS_MAX);
        loop_defer(server->loop, shut_all_later, server);
        loop_turn(server->loop, 10);
    }
    ticket_orphan(server);
    loop_cancel(server->sweeper);
    loop_cancel(server->drainer);
    h2o_timeout_unlink(&server->context.http2._graceful_shutdown_timeout);
    h2o_context_dispose(&server->context);
    h2o_config_dispose(&server->config);
    address_table_free(server->addresses);
    free(server);
}
