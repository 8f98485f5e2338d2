/* SPDX-License-Identifier: Apache-2.0 */
/* site — a data folder with listeners on free ports and the options of a server on it, and a client
 * that asks over HTTP/1.1: for tests of the server's parts.
 */
#pragma once
#include "ingest/data_dir.h"
#include "ingest/listener.h"
#include "ingest/options.h"
#include "tests/support/place.h"
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

struct site {
    char scratch[64];
    char folder[96];
    struct data_dir data;
    struct options options;
    int intake_fd;
    int api_fd;
};

static inline void site_open(struct site *site)
{
    char problem[1024] = "";
    place_scratch(site->scratch);
    snprintf(site->folder, sizeof(site->folder), "%s/data", site->scratch);
    site->options = (struct options){.data = site->folder,
                                     .listen = {"127.0.0.1:0"},
                                     .listen_count = 1,
                                     .api_listen = {"127.0.0.1:0"},
                                     .api_listen_count = 1,
                                     .workers = 1,
                                     .drain_ms = 5000,
                                     .journal_bytes = UINT64_C(4) << 30};
    cr_assert(data_dir_open(&site->data, site->folder, problem, sizeof(problem)), "%s", problem);
    site->intake_fd = listener_open("127.0.0.1:0", problem, sizeof(problem));
    site->api_fd = listener_open("127.0.0.1:0", problem, sizeof(problem));
    cr_assert(site->intake_fd >= 0 && site->api_fd >= 0, "%s", problem);
}

static inline void site_close(struct site *site)
{
    close(site->intake_fd);
    close(site->api_fd);
    data_dir_close(&site->data);
    place_remove(site->scratch);
}

/* Writes `text` to DIR/../`name`; gives its path, valid until the next call. */
static inline const char *site_write(struct site *site, const char *name, const char *text)
{
    static char path[128];
    snprintf(path, sizeof(path), "%s/%s", site->scratch, name);
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file);
    cr_assert(fputs(text, file) >= 0);
    cr_assert_eq(fclose(file), 0);
    return path;
}

/* The key of project 1. */
static inline void site_key(struct site *site, char out[static ID_HEX_BYTES + 1])
{
    struct arena arena;
    struct projects projects;
    cr_assert(arena_init(&arena, 64u << 20));
    cr_assert_not(fault_is(data_dir_projects(&site->data, &arena, &projects)));
    id_format(projects.list[0].keys[0], out);
    arena_done(&arena);
}

/* One request to whoever listens on `listener`; fills the whole answer. False: no answer. */
static inline bool site_ask(int listener, const char *request, char *out, size_t room)
{
    struct sockaddr_in address = {0};
    socklen_t length = sizeof(address);
    size_t size = 0;
    cr_assert_eq(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(connect(fd, (const struct sockaddr *)&address, length), 0);
    cr_assert_eq(send(fd, request, strlen(request), MSG_NOSIGNAL), (ssize_t)strlen(request));
    for (;;) {
        ssize_t got = recv(fd, out + size, room - 1 - size, 0);
        if (got <= 0) {
            break;
        }
        size += (size_t)got;
    }
    out[size] = '\0';
    close(fd);
    return size > 0;
}

/* GET of a path; true when the answer has that status. */
static inline bool site_gets(int listener, const char *path, unsigned status)
{
    char request[256];
    char expected[32];
    static char answer[65536];
    snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
             path);
    snprintf(expected, sizeof(expected), "HTTP/1.1 %u ", status);
    return site_ask(listener, request, answer, sizeof(answer)) &&
           strncmp(answer, expected, strlen(expected)) == 0;
}

/* Sends one event to the intake; true when it was answered 200. */
static inline bool site_sends(struct site *site, const char *json)
{
    char key[ID_HEX_BYTES + 1];
    char request[4096];
    char answer[4096];
    site_key(site, key);
    snprintf(request, sizeof(request),
             "POST /api/1/store/?sentry_key=%s&sentry_version=7 HTTP/1.1\r\nHost: x\r\n"
             "Connection: close\r\nContent-Length: %zu\r\n\r\n%s",
             key, strlen(json), json);
    return site_ask(site->intake_fd, request, answer, sizeof(answer)) &&
           strncmp(answer, "HTTP/1.1 200 ", 13) == 0;
}
