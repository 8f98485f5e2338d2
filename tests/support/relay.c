/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/relay.h"

#include "ingest/base/must.h"
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* How soon a request to stop or a break with nothing on its way is noticed. */
enum { LOOK_MS = 20 };

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    MUST(strlen(path) < sizeof address.sun_path);
    memcpy(address.sun_path, path, strlen(path));
    return address;
}

static bool send_all(int fd, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes += sent;
        size -= (size_t)sent;
    }
    return true;
}

/* Moves what there is; false when the connection is to end. */
static bool move(struct relay *relay, int from, int to, atomic_llong *left)
{
    char bytes[16384];
    ssize_t got = read(from, bytes, sizeof bytes);
    if (got <= 0) {
        return false;
    }
    long long most = atomic_load(left);
    if (most >= 0 && got >= most) {
        (void)send_all(to, bytes, (size_t)most);
        atomic_store(left, -1);
        atomic_fetch_add(&relay->breaks, 1);
        return false;
    }
    if (most >= 0) {
        atomic_fetch_sub(left, got);
    }
    return send_all(to, bytes, (size_t)got);
}

static void serve(struct relay *relay, int client)
{
    struct sockaddr_un address = address_of(relay->target);
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct pollfd ends[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
    bool holds = connect(server, (struct sockaddr *)&address, sizeof address) == 0;
    while (holds && !atomic_load(&relay->stopping)) {
        (void)poll(ends, 2, LOOK_MS);
        if (ends[0].revents != 0) {
            holds = move(relay, client, server, &relay->requests_left);
        }
        if (holds && ends[1].revents != 0) {
            holds = move(relay, server, client, &relay->replies_left);
        }
    }
    (void)close(server);
}

static void *run(void *argument)
{
    struct relay *relay = argument;
    struct pollfd listener = {relay->listener, POLLIN, 0};
    while (!atomic_load(&relay->stopping)) {
        if (poll(&listener, 1, LOOK_MS) > 0) {
            int client = accept(relay->listener, NULL, NULL);
            serve(relay, client);
            (void)close(client);
        }
    }
    return NULL;
}

void relay_start(struct relay *relay, const char *folder, const char *target)
{
    *relay = (struct relay){.listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    (void)snprintf(relay->socket, sizeof relay->socket, "%.80s/relay.sock", folder);
    (void)snprintf(relay->url, sizeof relay->url, "unix:%s", relay->socket);
    (void)snprintf(relay->target, sizeof relay->target, "%s", target);
    atomic_init(&relay->requests_left, -1);
    atomic_init(&relay->replies_left, -1);
    struct sockaddr_un address = address_of(relay->socket);
    MUST(bind(relay->listener, (struct sockaddr *)&address, sizeof address) == 0);
    MUST(listen(relay->listener, 16) == 0);
    MUST(pthread_create(&relay->thread, NULL, run, relay) == 0);
}

void relay_stop(struct relay *relay)
{
    atomic_store(&relay->stopping, true);
    MUST(pthread_join(relay->thread, NULL) == 0);
    (void)close(relay->listener);
    (void)unlink(relay->socket);
}

void relay_lose_requests(struct relay *relay, int64_t bytes)
{
    MUST(bytes >= 0);
    atomic_store(&relay->requests_left, bytes);
}

void relay_lose_replies(struct relay *relay, int64_t bytes)
{
    MUST(bytes >= 0);
    atomic_store(&relay->replies_left, bytes);
}
