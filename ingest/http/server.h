/* SPDX-License-Identifier: Apache-2.0 */
/* server — an HTTP shell: listeners in, requests out, answers back.
 *
 *   accept ─▶ connection ─▶ libh2o (h1, h2, TLS) ─▶ ticket ┈end of turn┈▶ on_request ─▶ http_reply
 *     caps      guard.h       parses                  │                      now or later
 *                                                     └ client gone before: never dispatched
 *
 * Knows nothing of events. Requests are handed over at the end of the loop's turn, so that streams
 * reset in the same read cost nothing. Whatever a client does is bounded: connections, addresses,
 * fields, body bytes, time; guard.h closes the holes of libh2o. Over HTTP/2 answers must be smaller
 * than HTTP_ANSWER_BYTES_MAX (limits.h), which keeps every stream window above zero.
 *
 * Owner: the loop's thread, except http_server_counters. Several servers may share a loop, and
 * servers on several threads the same listening sockets.
 */
#pragma once
#include "ingest/base/slice.h"
#include "ingest/http/counters.h"
#include "ingest/http/tls.h"
#include <stdint.h>

struct loop;
struct http_server;
struct http_ticket;
struct http_request;

/* Called once per request inside a turn of the loop. Borrows `request` until it returns; gives
 * `ticket`, which must be answered exactly once, in the callback or later. */
typedef void http_request_fn(void *data, struct http_request *request, struct http_ticket *ticket);

struct http_options {
    const int *listen_fds; /* bound, listening, non-blocking; borrowed until http_server_new returns
                              (duplicated), but closing them does not stop the server */
    unsigned listen_fd_count;
    bool offer_http2; /* over cleartext by prior knowledge, over TLS by ALPN */
    void *tls;        /* from http_tls_new with the same offer_http2; NULL: cleartext */
    size_t body_bytes_max;
    unsigned connections_max;             /* at the cap new ones wait in the backlog */
    unsigned connections_per_address_max; /* over it they are closed; an IPv6 address is its /64 */
    unsigned connects_per_address_per_s;  /* 0: HTTP_CONNECTS_PER_ADDRESS_PER_S */
    unsigned request_timeout_ms;          /* first byte to last byte of a request */
    unsigned idle_timeout_ms;             /* without a request, whatever else the client sends */
    unsigned answer_timeout_ms;           /* on_request to http_reply; then the client gets 503 */
    http_request_fn *on_request;
    void *data;
};

/* All slices are borrowed from libh2o and end with on_request. */
struct http_request {
    struct slice method;
    struct slice path;    /* as sent, without the query */
    struct slice query;   /* after the '?', may be empty */
    struct slice body;    /* contiguous, transfer coding removed, content coding not */
    struct slice address; /* numeric, IPv4-mapped IPv6 as IPv4 */
    struct slice authority;
    int version; /* 0x100, 0x101, 0x200 */
    bool is_tls;
    const void *fields; /* for http_header */
};

struct http_field {
    struct slice name;  /* a token; sent in lower case */
    struct slice value; /* printable; a field with control characters is left out */
};

struct http_answer {
    unsigned status;          /* 200 to 599 */
    const char *content_type; /* NULL: none */
    struct slice body;        /* copied; left out for HEAD */
    const struct http_field *fields;
    unsigned field_count;
    bool close; /* HTTP/1 only: close the connection after it */
};

/* Copies the options. Never NULL. With offer_http2, guard_self_test must have passed. */
struct http_server *http_server_new(struct loop *loop, const struct http_options *options);

/* Stops accepting, sends GOAWAY, closes idle connections; requests in flight finish. After
 * `deadline_ms` what is left is shut down. Done when http_server_connections is 0. */
void http_server_drain(struct http_server *server, unsigned deadline_ms);

unsigned http_server_connections(const struct http_server *server);

/* Between turns only (not in a callback). Shuts down what is still open; tickets still out may be
 * answered after it, to no effect. Accepts NULL. */
void http_server_free(struct http_server *server);

/* Any thread; valid until http_server_free. */
const struct http_counters *http_server_counters(const struct http_server *server);

/* The first field of that name (lower case); `host`, `content-length`, `transfer-encoding`,
 * `expect` and `upgrade` are not among them. Only inside on_request. Empty when there is none. */
struct slice http_header(const struct http_request *request, const char *lower_case_name);

/* Answers and takes the ticket. On the loop's thread, inside a turn. */
void http_reply(struct http_ticket *ticket, const struct http_answer *answer);

/* The client has gone or was told 503: work for it may be dropped, http_reply is still due. */
bool http_ticket_is_gone(const struct http_ticket *ticket);
