/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/http/inside.h"

/* libh2o ends idle HTTP/2 connections politely, with a GOAWAY; this much later we do it. */
#define AFTER_LIBRARY_MS 2000u

/* How long a client may go on sending a body that was refused. */
#define LINGER_MS 10000u

/* What a GOAWAY of the guard has to be read by its cause. */
#define AFTER_GUARD_MS 2000u

/* libh2o's stamps may be a little later than the loop's time, which is that of the turn's start. */
static bool is_older(struct timeval at, uint64_t ms, uint64_t now_ms)
{
    return (uint64_t)at.tv_sec * 1000 + (uint64_t)at.tv_usec / 1000 + ms < now_ms;
}

static bool is_set(struct timeval at)
{
    return at.tv_sec != 0 || at.tv_usec != 0;
}

/* A request that is arriving, with us, or being written. Idle HTTP/1 connections and HTTP/2 streams
 * with a priority only have no beginning. */
static int mark(h2o_req_t *request, void *data)
{
    (void)data;
    if (is_set(request->timestamps.request_begin_at)) {
        connection_of(request)->is_busy = true;
    }
    return 0;
}

static void for_each_request(struct http_server *server, int (*call)(h2o_req_t *, void *))
{
    H2O_HTTP1_CALLBACKS.foreach_request(&server->context, call, server);
    H2O_HTTP2_CALLBACKS.foreach_request(&server->context, call, server);
}

void sweep_mark(struct http_server *server)
{
    for (struct connection *at = server->connections; at != NULL; at = at->next) {
        at->is_busy = false;
    }
    for_each_request(server, mark);
}

/* Closes connections with a request that takes too long to arrive, or whose answer is not read. One
 * that waits for us is answered at its due time, whatever happens. */
static int check(h2o_req_t *request, void *data)
{
    struct http_server *server = data;
    const struct http_options *options = &server->options;
    uint64_t now = loop_now_ms(server->loop);
    struct connection *connection = connection_of(request);
    MUST(connection->server == server);
    MUST(!connection->is_lingering);
    if (connection->is_shut || !is_set(request->timestamps.request_begin_at)) {
        return 0;
    }
    uint64_t write_ms = (uint64_t)options->answer_timeout_ms + options->request_timeout_ms;
    if (!is_set(request->processed_at.at)) {
        if (is_older(request->timestamps.request_begin_at, options->request_timeout_ms, now)) {
            http_count(&server->counters.timeout_request, 1);
            connection_shut(connection);
        }
    } else if (is_older(request->processed_at.at, write_ms, now)) {
        http_count(&server->counters.timeout_write, 1);
        connection_shut(connection);
    }
    return 0;
}

static void check_idle(struct http_server *server, struct connection *connection)
{
    uint64_t now = loop_now_ms(server->loop);
    MUST(now >= connection->idle_ms);
    if (connection->is_shut) {
        return;
    }
    if (connection->is_lingering) {
        MUST(connection->request_count == 0 && !connection->is_busy);
        if (now - connection->idle_ms > LINGER_MS) {
            connection_shut(connection);
        }
    } else if (connection->guard.reason != GUARD_FINE) {
        if (now - connection->guard.now_ms > AFTER_GUARD_MS) {
            connection_shut(connection);
        }
    } else if (!connection->is_busy && connection->request_count == 0 &&
               now - connection->idle_ms > server->options.idle_timeout_ms + AFTER_LIBRARY_MS) {
        http_count(&server->counters.timeout_idle, 1);
        connection_shut(connection);
    }
}

void sweep(void *data)
{
    struct http_server *server = data;
    ticket_expire(server, loop_now_ms(server->loop));
    sweep_mark(server);
    for_each_request(server, check);
    for (struct connection *at = server->connections; at != NULL; at = at->next) {
        check_idle(server, at);
    }
    if (server->is_paused) {
        server_resume(server);
    }
}
