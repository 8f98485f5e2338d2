/* SPDX-License-Identifier: Apache-2.0 */
/* desk — a data folder whose API is answered from a table, for tests of the commands that ask it.
 *
 * On a port of the kernel's choice, one request a connection, on a thread of its own.
 */
#pragma once
#include "ingest/data_dir.h"
#include "ingest/listener.h"
#include "tests/support/place.h"
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define DESK_REQUESTS_MAX 512u

struct desk_row {
    const char *request; /* "GET /path": what the request line begins with */
    unsigned status;
    const char *body;
};

struct desk {
    char scratch[64];
    char folder[96];
    char base[64]; /* "http://127.0.0.1:PORT" */
    struct data_dir data;
    const struct desk_row *rows; /* ends with a row of NULL; others get 404 */
    int listener;
    pthread_t thread;
    char *requests[DESK_REQUESTS_MAX]; /* whole */
    unsigned count;
};

static inline char *desk_read(int fd)
{
    char *text = calloc(1, 65536);
    size_t used = 0;
    size_t need = 65535;
    while (used < need) {
        ssize_t got = recv(fd, text + used, 65535 - used, 0);
        if (got <= 0) {
            break;
        }
        used += (size_t)got;
        const char *end = strstr(text, "\r\n\r\n");
        const char *length = strcasestr(text, "content-length: ");
        if (end != NULL) {
            size_t body = length != NULL ? strtoul(length + 16, NULL, 10) : 0;
            need = (size_t)(end - text) + 4 + body;
        }
    }
    return text;
}

static inline void desk_answer(const struct desk *desk, int fd, const char *request)
{
    static const struct desk_row none = {"", 404,
                                         "{\"detail\":\"The requested resource does not exist\"}"};
    const struct desk_row *row = desk->rows;
    char head[256];
    while (row->request != NULL && strncmp(request, row->request, strlen(row->request)) != 0) {
        row++;
    }
    row = row->request != NULL ? row : &none;
    int length = snprintf(head, sizeof(head),
                          "HTTP/1.1 %u X\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n",
                          row->status, strlen(row->body));
    (void)!send(fd, head, (size_t)length, MSG_NOSIGNAL | MSG_MORE);
    (void)!send(fd, row->body, strlen(row->body), MSG_NOSIGNAL);
}

static inline void *desk_serve(void *data)
{
    struct desk *desk = data;
    for (;;) {
        int fd = accept(desk->listener, NULL, NULL);
        if (fd < 0) {
            return NULL;
        }
        char *request = desk_read(fd);
        cr_assert_lt(desk->count, DESK_REQUESTS_MAX);
        desk->requests[desk->count++] = request;
        desk_answer(desk, fd, request);
        close(fd);
    }
}

static inline void desk_open(struct desk *desk, const struct desk_row *rows)
{
    char problem[1024] = "";
    char name[48];
    *desk = (struct desk){.rows = rows};
    place_scratch(desk->scratch);
    snprintf(desk->folder, sizeof(desk->folder), "%s/data", desk->scratch);
    cr_assert(data_dir_open(&desk->data, desk->folder, problem, sizeof(problem)), "%s", problem);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    desk->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(bind(desk->listener, (struct sockaddr *)&address, sizeof(address)), 0);
    cr_assert_eq(listen(desk->listener, 64), 0);
    cr_assert(data_dir_announce(&desk->data, desk->listener, false, problem, sizeof(problem)));
    listener_name(desk->listener, name, sizeof(name));
    snprintf(desk->base, sizeof(desk->base), "http://%s", name);
    cr_assert_eq(pthread_create(&desk->thread, NULL, desk_serve, desk), 0);
}

/* HOST:PORT. */
static inline const char *desk_host(const struct desk *desk)
{
    return desk->base + strlen("http://");
}

/* From now on nobody answers. */
static inline void desk_leave(struct desk *desk)
{
    if (desk->listener >= 0) {
        shutdown(desk->listener, SHUT_RDWR);
        pthread_join(desk->thread, NULL);
        close(desk->listener);
        desk->listener = -1;
    }
}

static inline void desk_close(struct desk *desk)
{
    desk_leave(desk);
    for (unsigned i = 0; i < desk->count; i++) {
        free(desk->requests[i]);
    }
    data_dir_close(&desk->data);
    place_remove(desk->scratch);
}

/* The last request that was answered; all of it. Nobody may be asking. */
static inline const char *desk_last(const struct desk *desk)
{
    return desk->count > 0 ? desk->requests[desk->count - 1] : "";
}
