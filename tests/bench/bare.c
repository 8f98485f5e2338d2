/* SPDX-License-Identifier: Apache-2.0 */
/* bare — the least that could be called an intake: libh2o, inflate, yajl with empty callbacks, a
 * fixed answer. No guard, no journal, no grouping. What tests/bench/run measures Tocsin against.
 *
 * usage: bare PORT     (one thread; ends with SIGTERM)
 */
#include <arpa/inet.h>
#include <errno.h>
#include <h2o.h>
#include <h2o/http1.h>
#include <h2o/http2.h>
#include <libdeflate.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <yajl/yajl_parse.h>

#define PLAIN_BYTES_MAX (4u << 20)

static h2o_accept_ctx_t accept_context;
static struct libdeflate_decompressor *inflater;
static char plain[PLAIN_BYTES_MAX];

static int ignore(void *context)
{
    (void)context;
    return 1;
}

static int ignore_bool(void *context, int truth)
{
    (void)context;
    (void)truth;
    return 1;
}

static int ignore_number(void *context, const char *at, size_t length)
{
    (void)context;
    (void)at;
    (void)length;
    return 1;
}

static int ignore_text(void *context, const unsigned char *at, size_t length)
{
    (void)context;
    (void)at;
    (void)length;
    return 1;
}

static const yajl_callbacks empty = {ignore,        ignore_bool, NULL,   NULL,
                                     ignore_number, ignore_text, ignore, ignore_text,
                                     ignore,        ignore,      ignore};

/* Every line of an envelope is a JSON document. */
static int parse_lines(const char *at, size_t left)
{
    while (left > 0) {
        const char *end = memchr(at, '\n', left);
        size_t length = end != NULL ? (size_t)(end - at) : left;
        yajl_handle yajl = yajl_alloc(&empty, NULL, NULL);
        int well = yajl_parse(yajl, (const unsigned char *)at, length) == yajl_status_ok &&
                   yajl_complete_parse(yajl) == yajl_status_ok;
        yajl_free(yajl);
        if (!well) {
            return 0;
        }
        at += length + (end != NULL);
        left -= length + (end != NULL);
    }
    return 1;
}

static int on_request(h2o_handler_t *self, h2o_req_t *request)
{
    static h2o_generator_t generator = {NULL, NULL};
    static char text[] = "{\"id\":\"00000000000000000000000000000000\"}";
    h2o_iovec_t body = {text, sizeof(text) - 1};
    const char *at = request->entity.base;
    size_t length = request->entity.len;
    ssize_t coding = h2o_find_header(&request->headers, H2O_TOKEN_CONTENT_ENCODING, -1);
    (void)self;
    if (coding != -1) {
        if (libdeflate_gzip_decompress(inflater, at, length, plain, sizeof(plain), &length) !=
            LIBDEFLATE_SUCCESS) {
            length = 0;
        }
        at = plain;
    }
    request->res.status = length > 0 && parse_lines(at, length) ? 200 : 400;
    request->res.reason = "OK";
    request->res.content_length = body.len;
    h2o_add_header(&request->pool, &request->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL,
                   H2O_STRLIT("application/json"));
    h2o_start_response(request, &generator);
    h2o_send(request, &body, 1, H2O_SEND_STATE_FINAL);
    return 0;
}

static void on_accept(h2o_socket_t *listener, const char *error)
{
    for (int i = 0; error == NULL && i < 16; i++) {
        h2o_socket_t *socket = h2o_evloop_socket_accept(listener);
        if (socket == NULL) {
            return;
        }
        h2o_accept(&accept_context, socket);
    }
}

static int listen_on(unsigned port)
{
    int one = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, 4096) != 0) {
        perror("listen");
        exit(1);
    }
    return fd;
}

int main(int argc, char **argv)
{
    static h2o_globalconf_t config;
    static h2o_context_t context;
    if (argc != 2) {
        fprintf(stderr, "usage: bare PORT\n");
        return 64;
    }
    signal(SIGPIPE, SIG_IGN);
    inflater = libdeflate_alloc_decompressor();
    h2o_config_init(&config);
    config.max_request_entity_size = 8 << 20;
    h2o_hostconf_t *host =
        h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
    h2o_pathconf_t *path = h2o_config_register_path(host, "/", 0);
    h2o_create_handler(path, sizeof(h2o_handler_t))->on_req = on_request;
    h2o_context_init(&context, h2o_evloop_create(), &config);
    accept_context = (h2o_accept_ctx_t){.ctx = &context, .hosts = config.hosts};
    h2o_socket_t *listener = h2o_evloop_socket_create(
        context.loop, listen_on((unsigned)strtoul(argv[1], NULL, 10)), H2O_SOCKET_FLAG_DONT_READ);
    h2o_socket_read_start(listener, on_accept);
    while (h2o_evloop_run(context.loop, 1000) == 0 || errno == EINTR) {
    }
    return 1;
}
