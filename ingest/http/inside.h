/* SPDX-License-Identifier: Apache-2.0 */
/* inside — the inside of a server, for the files of ingest/http only.
 *
 *   server ──▶ connections (list)      one per socket; first member of its data is the guard
 *      │
 *      ├────▶ waiting tickets (FIFO)   arrived in this turn, not yet looked at
 *      └────▶ tickets out (FIFO)       with on_request's owner, by age
 *
 * A ticket and its h2o request know each other through a `link` in the request's memory pool, whose
 * disposal tells us that the request is gone, whoever ended it.
 */
#pragma once
#include "ingest/http/address.h"
#include "ingest/http/guard.h"
#include "ingest/http/h2o_private.h"
#include "ingest/http/loop.h"
#include "ingest/http/server.h"

/* Listening sockets of one server: an IPv4 and an IPv6 one for each of a few names. */
#define HTTP_LISTENERS_MAX 8u

struct connection {
    struct guard guard;
    struct http_server *server;
    struct connection *next;
    struct connection *previous;
    h2o_socket_t *socket;
    struct address_key key;
    char address[INET6_ADDRSTRLEN];
    uint64_t idle_ms;       /* since when it has no request */
    unsigned request_count; /* handed to us and not yet disposed of by libh2o */
    bool is_busy;           /* the sweep under way has seen a request of it */
    bool is_shut;
    bool is_lingering; /* libh2o is done with it; `socket` is ours and what it reads is dropped */
    int linger_fd;     /* -1, or keeps the connection open when libh2o closes it */
};

/* Lives in the request's pool. */
struct ticket_link {
    struct http_ticket *ticket; /* NULL: answered */
    struct connection *connection;
};

struct http_ticket {
    struct http_ticket *next;
    struct http_ticket *previous;
    struct http_server *server;    /* NULL: freed */
    struct connection *connection; /* valid while `request` is not NULL */
    h2o_req_t *request;            /* NULL: the client has gone */
    struct ticket_link *link;      /* likewise */
    uint64_t due_ms;               /* when the client is told 503 */
    bool is_waiting;
};

struct ticket_list {
    struct http_ticket *first;
    struct http_ticket *last;
};

struct http_handler {
    h2o_handler_t super;
    struct http_server *server;
};

struct http_server {
    struct loop *loop;
    struct http_options options;
    struct http_counters counters;
    struct guard_budget budget;
    struct address_table *addresses;

    h2o_globalconf_t config;
    h2o_context_t context;
    h2o_accept_ctx_t accept;
    h2o_socket_t *listeners[HTTP_LISTENERS_MAX];
    unsigned listener_count;
    bool is_paused;

    struct connection *connections;
    unsigned connection_count;

    struct ticket_list waiting;
    struct ticket_list out;
    unsigned ticket_count;
    bool dispatch_is_due;
    bool is_closing; /* being freed: on_request is not called any more */

    struct loop_timer *sweeper;
    struct loop_timer *drainer; /* NULL: not draining */
    uint64_t drain_ends_ms;
};

/* ---- connection.c ---- */

/* Takes an accepted socket: admits it and gives it to libh2o, or closes it. */
void connection_open(struct http_server *server, h2o_socket_t *socket);

/* The connection a request came on. */
struct connection *connection_of(h2o_req_t *request);

/* When libh2o closes the connection, with input unread that the kernel would answer by a reset,
 * reads on until the client has had a chance to read its answer. */
void connection_linger(struct connection *connection);

/* Makes libh2o see the end of what the client sends: a request that has come meanwhile is answered,
 * without one the connection is closed. */
void connection_end_input(struct connection *connection);

/* Makes libh2o see the end of the connection and close it: the one way that is safe at any time. */
void connection_shut(struct connection *connection);

/* ---- ticket.c ---- */

/* libh2o's handler: makes a ticket, or refuses. */
int ticket_on_request(h2o_handler_t *handler, h2o_req_t *request);

/* Answers 503 for every ticket older than `now_ms` allows; all when `now_ms` is UINT64_MAX. */
void ticket_expire(struct http_server *server, uint64_t now_ms);

/* Lets go of tickets whose answers can no longer matter. */
void ticket_orphan(struct http_server *server);

/* ---- answer.c ---- */

/* Writes an answer to a request that has none. */
void answer_write(h2o_req_t *request, const struct http_answer *answer);

/* As answer_write with {"detail":..,"causes":[..]}; `cause` may be NULL. */
void answer_problem(h2o_req_t *request, unsigned status, const char *detail, const char *cause);

/* ---- sweep.c ---- */

/* Every second: closes what has run out of time, answers what waits too long, resumes accepting. */
void sweep(void *server);

/* Marks connections with a request under way (`is_busy`), also one that is only partly received. */
void sweep_mark(struct http_server *server);

/* ---- server.c ---- */

/* Takes one end of a stream socket as if it had been accepted. */
void server_adopt(struct http_server *server, int fd);

/* The cap is reached, or the kernel has no descriptor left. */
void server_pause(struct http_server *server);
void server_resume(struct http_server *server);
