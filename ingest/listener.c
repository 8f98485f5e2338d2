/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/listener.h"
#include "ingest/base/must.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections the kernel completes while a crashed server restarts; capped by somaxconn. */
#define BACKLOG 4096

/* 0 to 65535 in digits; getaddrinfo would take larger ones modulo 65536. */
static bool is_port(const char *text)
{
    unsigned long value = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at < '0' || *at > '9' || value > 65535) {
            return false;
        }
        value = value * 10 + (unsigned long)(*at - '0');
    }
    return value <= 65535;
}

/* Splits at the last colon and takes brackets off the host. */
static bool split(const char *address, char *host, size_t room, const char **port)
{
    const char *colon = strrchr(address, ':');
    if (colon == NULL || colon[1] == '\0') {
        return false;
    }
    size_t length = (size_t)(colon - address);
    const char *from = address;
    if (length >= 2 && address[0] == '[' && colon[-1] == ']') {
        from++;
        length -= 2;
    }
    if (length == 0 || length >= room) {
        return false;
    }
    memcpy(host, from, length);
    host[length] = '\0';
    *port = colon + 1;
    return is_port(*port);
}

static int bound(const struct addrinfo *info)
{
    int one = 1;
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (info->ai_family == AF_INET6) {
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
    }
    if (bind(fd, info->ai_addr, info->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

int listener_open(const char *address, char *problem, size_t room)
{
    MUST(address != NULL && problem != NULL && room > 0);
    char host[256];
    const char *port = NULL;
    if (!split(address, host, sizeof(host), &port)) {
        snprintf(problem, room, "'%s' is not ADDR:PORT, such as 127.0.0.1:8627 or [::1]:8627",
                 address);
        return -1;
    }
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    int error = getaddrinfo(host, port, &hints, &found);
    if (error != 0) {
        snprintf(problem, room, "cannot listen on %s: %s", address, gai_strerror(error));
        return -1;
    }
    int fd = bound(found);
    if (fd < 0) {
        snprintf(problem, room, "cannot listen on %s: %s%s", address, strerror(errno),
                 errno == EADDRINUSE ? "; is another Tocsin running, or choose another port" : "");
    }
    freeaddrinfo(found);
    return fd;
}

void listener_name(int fd, char *out, size_t room)
{
    MUST(fd >= 0 && room > 0);
    struct sockaddr_storage address;
    socklen_t length = sizeof(address);
    char host[64];
    char port[16];
    MUST(getsockname(fd, (struct sockaddr *)&address, &length) == 0);
    MUST(getnameinfo((struct sockaddr *)&address, length, host, sizeof(host), port, sizeof(port),
                     NI_NUMERICHOST | NI_NUMERICSERV) == 0);
    snprintf(out, room, address.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
}
