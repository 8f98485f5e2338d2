/* SPDX-License-Identifier: Apache-2.0 */
/* rig — a server on a loop, a listener on a free port, and clients, all on the test's own thread.
 */
#pragma once
#include "ingest/http/inside.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RIG_HELD_MAX 64u
#define RIG_TEXT_MAX 65536u

struct rig {
    struct loop *loop;
    struct http_server *server;
    struct http_options options;
    int listener;
    in_port_t port;
    bool holds; /* keep tickets instead of answering 200 "ok" */
    struct http_ticket *held[RIG_HELD_MAX];
    unsigned held_count;
    unsigned request_count;
    char seen[1024]; /* method path?query authority address version tls body-length x-test */
    char text[RIG_TEXT_MAX]; /* of the last rig_read */
    bool is_closed;          /* the last rig_read saw the end */
};

static inline void rig_on_request(void *data, struct http_request *request,
                                  struct http_ticket *ticket)
{
    struct rig *rig = data;
    struct slice test = http_header(request, "x-test");
    snprintf(rig->seen, sizeof rig->seen, "%.*s %.*s?%.*s %.*s %.*s %x %d %zu %.*s",
             SLICE_ARG(request->method), SLICE_ARG(request->path), SLICE_ARG(request->query),
             SLICE_ARG(request->authority), SLICE_ARG(request->address), (unsigned)request->version,
             request->is_tls, request->body.len, SLICE_ARG(test));
    rig->request_count++;
    if (rig->holds) {
        cr_assert_lt(rig->held_count, RIG_HELD_MAX);
        rig->held[rig->held_count++] = ticket;
        return;
    }
    http_reply(ticket, &(struct http_answer){.status = 200, .body = SLICE("ok")});
}

/* Options that hinder nothing; change what a test is about before rig_start. */
static inline void rig_init(struct rig *rig)
{
    *rig = (struct rig){.loop = loop_new(), .listener = -1};
    rig->options = (struct http_options){.offer_http2 = true,
                                         .body_bytes_max = 1000,
                                         .connections_max = 100,
                                         .connections_per_address_max = 100,
                                         .request_timeout_ms = 60000,
                                         .idle_timeout_ms = 60000,
                                         .answer_timeout_ms = 60000,
                                         .on_request = rig_on_request,
                                         .data = rig};
}

static inline void rig_start(struct rig *rig)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    rig->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    cr_assert_eq(bind(rig->listener, (const struct sockaddr *)&address, length), 0);
    cr_assert_eq(listen(rig->listener, 128), 0);
    cr_assert_eq(getsockname(rig->listener, (struct sockaddr *)&address, &length), 0);
    rig->port = address.sin_port;
    rig->options.listen_fds = &rig->listener;
    rig->options.listen_fd_count = 1;
    rig->server = http_server_new(rig->loop, &rig->options);
}

static inline void rig_stop(struct rig *rig)
{
    http_server_free(rig->server);
    while (rig->held_count > 0) {
        http_reply(rig->held[--rig->held_count], &(struct http_answer){.status = 200});
    }
    loop_free(rig->loop);
    close(rig->listener);
}

static inline void rig_turns(struct rig *rig, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        loop_turn(rig->loop, 2);
    }
}

static inline int rig_connect(struct rig *rig)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = rig->port, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static inline void rig_send(int fd, struct slice text)
{
    cr_assert_eq(send(fd, text.at, text.len, MSG_NOSIGNAL), (ssize_t)text.len);
}

/* Turns the loop and reads until `needle` came, or the end, or 3 s of nothing of it. True: it came.
 */
static inline bool rig_read(struct rig *rig, int fd, const char *needle)
{
    size_t length = 0;
    rig->is_closed = false;
    rig->text[0] = '\0';
    for (unsigned i = 0; i < 1500; i++) {
        loop_turn(rig->loop, 2);
        ssize_t got = recv(fd, rig->text + length, RIG_TEXT_MAX - 1 - length, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN)) {
            rig->is_closed = true;
        }
        length += got > 0 ? (size_t)got : 0;
        rig->text[length] = '\0';
        if (memmem(rig->text, length, needle, strlen(needle)) != NULL && needle[0] != '\0') {
            return true;
        }
        if (rig->is_closed) {
            return false;
        }
    }
    return false;
}

/* Sends a request and expects its answer to contain `needle`. */
static inline bool rig_ask(struct rig *rig, int fd, const char *request, const char *needle)
{
    rig_send(fd, slice_str(request));
    return rig_read(rig, fd, needle);
}

/* The other side closes without saying more. */
static inline bool rig_ends(struct rig *rig, int fd)
{
    rig_read(rig, fd, "");
    return rig->is_closed;
}

static inline uint64_t rig_counter(const _Atomic uint64_t *counter)
{
    return atomic_load(counter);
}
