/* SPDX-License-Identifier: Apache-2.0 */
/* http_echo — the HTTP shell with nothing behind it, for the attack tests.
 *
 *   http_echo [--http1] [--tls CERTIFICATE KEY] [--quick]
 *
 * Prints "port N", then answers every request 200 with the number of body bytes, those to /later
 * after up to 200 ms, those to /last once it drains, those to /never not at all; /counters tells
 * what happened. --quick: timeouts of 2 s. SIGTERM drains within 3 s.
 */
#include "ingest/base/buffer.h"
#include "ingest/base/must.h"
#include "ingest/http/guard.h"
#include "ingest/http/loop.h"
#include "ingest/http/server.h"

#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define LATER_MAX 1024u
#define NEVER_MAX 65536u

struct echo {
    struct loop *loop;
    struct http_server *server;
    struct http_ticket *later[LATER_MAX];
    unsigned later_count;
    struct http_ticket *last[LATER_MAX];
    unsigned last_count;
    struct http_ticket *never[NEVER_MAX];
    unsigned never_count;
    int signals;
    bool is_ending;
};

static void say(struct http_ticket *ticket, struct slice text)
{
    http_reply(ticket,
               &(struct http_answer){.status = 200, .content_type = "text/plain", .body = text});
}

static void say_counters(struct echo *echo, struct http_ticket *ticket)
{
    const struct http_counters *counters = http_server_counters(echo->server);
    struct buffer text;
    buffer_init(&text, 4000);
#define SAY(name, help) buffer_printf(&text, #name " %llu\n", (unsigned long long)counters->name);
    HTTP_COUNTERS(SAY)
#undef SAY
    say(ticket, buffer_slice(&text));
    buffer_done(&text);
}

static void on_request(void *data, struct http_request *request, struct http_ticket *ticket)
{
    struct echo *echo = data;
    char text[32];
    int length = snprintf(text, sizeof text, "%zu\n", request->body.len);
    if (slice_eq(request->path, SLICE("/counters"))) {
        say_counters(echo, ticket);
    } else if (slice_eq(request->path, SLICE("/later")) && echo->later_count < LATER_MAX) {
        echo->later[echo->later_count++] = ticket;
    } else if (slice_eq(request->path, SLICE("/last")) && echo->last_count < LATER_MAX) {
        echo->last[echo->last_count++] = ticket;
    } else if (slice_eq(request->path, SLICE("/never")) && echo->never_count < NEVER_MAX) {
        echo->never[echo->never_count++] = ticket;
    } else {
        say(ticket, slice_of(text, (size_t)length));
    }
}

static void answer_later(void *data)
{
    struct echo *echo = data;
    while (echo->later_count > 0) {
        say(echo->later[--echo->later_count], SLICE("later\n"));
    }
    while (echo->is_ending && echo->last_count > 0) {
        say(echo->last[--echo->last_count], SLICE("last\n"));
    }
}

static void look_for_signals(void *data)
{
    struct echo *echo = data;
    struct signalfd_siginfo info;
    if (read(echo->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        http_server_drain(echo->server, 3000);
        echo->is_ending = true;
    }
    if (echo->is_ending && http_server_connections(echo->server) == 0) {
        loop_stop(echo->loop);
    }
}

static int open_listener(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    MUST(fd >= 0);
    MUST(bind(fd, (const struct sockaddr *)&address, length) == 0);
    MUST(listen(fd, 512) == 0);
    MUST(getsockname(fd, (struct sockaddr *)&address, &length) == 0);
    printf("port %u\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static void parse(int count, char **arguments, struct http_options *options)
{
    char error[256];
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--http1") == 0) {
            options->offer_http2 = false;
        } else if (strcmp(arguments[i], "--quick") == 0) {
            options->request_timeout_ms = 2000;
            options->idle_timeout_ms = 2000;
            options->answer_timeout_ms = 2000;
        } else if (strcmp(arguments[i], "--tls") == 0 && i + 2 < count) {
            options->tls = http_tls_new(arguments[i + 1], arguments[i + 2], true, error);
            MUST(options->tls != NULL);
            i += 2;
        } else {
            NEVER("usage: http_echo [--http1] [--tls CERTIFICATE KEY] [--quick]");
        }
    }
}

static int block_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

int main(int count, char **arguments)
{
    char why[128];
    static struct echo echo;
    echo.loop = loop_new();
    echo.signals = block_signals();
    struct http_options options = {.offer_http2 = true,
                                   .body_bytes_max = 8u << 20,
                                   .connections_max = 1024,
                                   .connections_per_address_max = 256,
                                   .request_timeout_ms = 20000,
                                   .idle_timeout_ms = 60000,
                                   .answer_timeout_ms = 10000,
                                   .on_request = on_request,
                                   .data = &echo};
    parse(count, arguments, &options);
    MUST(guard_self_test(why, sizeof why));
    int listener = open_listener();
    options.listen_fds = &listener;
    options.listen_fd_count = 1;
    echo.server = http_server_new(echo.loop, &options);
    loop_every(echo.loop, 200, answer_later, &echo);
    loop_every(echo.loop, 20, look_for_signals, &echo);
    loop_run(echo.loop);
    http_server_free(echo.server);
    while (echo.never_count > 0) {
        say(echo.never[--echo.never_count], SLICE("never"));
    }
    loop_free(echo.loop);
    http_tls_free(options.tls);
    close(listener);
    close(echo.signals);
    return 0;
}
