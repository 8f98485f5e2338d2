/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/receiver.h"
#include "ingest/base/must.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REQUEST_BYTES_MAX (4u << 20)

struct connection {
    struct test_receiver *receiver;
    int socket;
};

static int64_t monotonic_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Copies a header field's value, in whatever case its name is. */
static void field(const char *head, const char *name, char *out, size_t room)
{
    const char *at = strcasestr(head, name);
    size_t length = 0;
    out[0] = '\0';
    if (at != NULL) {
        at += strlen(name) + 2;
        length = strcspn(at, "\r\n");
        length = length < room ? length : room - 1;
        memcpy(out, at, length);
        out[length] = '\0';
    }
}

/* One request as it comes in: more room is made when it is needed. */
struct incoming {
    char *bytes; /* terminated */
    size_t size;
    size_t room;
    size_t head; /* where the body begins; 0: not known yet */
};

static bool receive(int socket, struct incoming *in)
{
    if (in->size == in->room) {
        in->room = in->room == 0 ? 16384 : 2 * in->room;
        in->bytes = realloc(in->bytes, in->room + 1);
        MUST(in->bytes != NULL && in->room <= REQUEST_BYTES_MAX);
    }
    ssize_t got = recv(socket, in->bytes + in->size, in->room - in->size, 0);
    in->size += got > 0 ? (size_t)got : 0;
    in->bytes[in->size] = '\0';
    return got > 0;
}

/* False when the client went away. */
static bool read_request(int socket, struct incoming *in)
{
    size_t need = REQUEST_BYTES_MAX;
    while (in->size < need) {
        if (!receive(socket, in)) {
            return false;
        }
        char *end = in->head == 0 ? strstr(in->bytes, "\r\n\r\n") : NULL;
        if (end != NULL) {
            char length[32];
            in->head = (size_t)(end - in->bytes) + 4;
            field(in->bytes, "content-length", length, sizeof(length));
            need = in->head + strtoul(length, NULL, 10);
        }
    }
    return true;
}

static void keep(struct test_receiver *receiver, const char *bytes, size_t head, size_t size)
{
    struct receiver_request request = {.at_us = monotonic_us()};
    request.head = strndup(bytes, head);
    request.body = strndup(bytes + head, size - head);
    const char *path = strchr(bytes, ' ');
    size_t length = path != NULL ? strcspn(path + 1, " ?") : 0;
    MUST(path != NULL && length < sizeof(request.path));
    memcpy(request.path, path + 1, length);
    field(request.head, "webhook-id", request.id, sizeof(request.id));
    field(request.head, "webhook-signature", request.signature, sizeof(request.signature));
    field(request.head, "webhook-timestamp", request.timestamp, sizeof(request.timestamp));
    MUST(receiver->count < RECEIVER_KEPT_MAX);
    receiver->kept[receiver->count++] = request;
}

/* Notes the request and gives what to do about it. */
static struct receiver_rule judge(struct test_receiver *receiver, const char *bytes, size_t head,
                                  size_t size)
{
    struct receiver_rule rule = {.act = RECEIVER_ANSWERS, .status = 200};
    pthread_mutex_lock(&receiver->lock);
    keep(receiver, bytes, head, size);
    for (uint32_t i = 0; i < receiver->rule_count; i++) {
        struct receiver_rule *candidate = &receiver->rules[i];
        bool is_due = candidate->times > 0 &&
                      strcmp(candidate->path, receiver->kept[receiver->count - 1].path) == 0;
        if (is_due) {
            rule = *candidate;
            candidate->times -= candidate->times != UINT32_MAX;
            break;
        }
    }
    pthread_mutex_unlock(&receiver->lock);
    return rule;
}

static void write_all(int socket, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(socket, bytes, size, MSG_NOSIGNAL);
        if (sent <= 0) {
            return;
        }
        bytes += sent;
        size -= (size_t)sent;
    }
}

static void answer(int socket, const struct receiver_rule *rule, size_t body_bytes)
{
    static const char block[65536];
    char head[512];
    int length = snprintf(head, sizeof(head),
                          "HTTP/1.1 %u X\r\nConnection: close\r\nContent-Length: %zu\r\n%s\r\n",
                          rule->status, body_bytes, rule->headers != NULL ? rule->headers : "");
    write_all(socket, head, (size_t)length);
    for (size_t sent = 0; sent < body_bytes; sent += sizeof(block)) {
        write_all(socket, block, sizeof(block));
    }
}

static void wait_for_release(struct test_receiver *receiver)
{
    pthread_mutex_lock(&receiver->lock);
    while (!receiver->is_released) {
        pthread_cond_wait(&receiver->released, &receiver->lock);
    }
    pthread_mutex_unlock(&receiver->lock);
}

static void *serve(void *context)
{
    struct connection connection = *(struct connection *)context;
    struct incoming in = {.size = 0};
    free(context);
    struct receiver_rule rule = {.act = RECEIVER_RESETS};
    if (read_request(connection.socket, &in)) {
        rule = judge(connection.receiver, in.bytes, in.head, in.size);
    }
    free(in.bytes);
    if (rule.act == RECEIVER_HANGS) {
        return NULL; /* the socket stays open until the test's process ends */
    }
    if (rule.act == RECEIVER_WAITS) {
        wait_for_release(connection.receiver);
    }
    if (rule.act == RECEIVER_RESETS) {
        struct linger now = {.l_onoff = 1, .l_linger = 0};
        setsockopt(connection.socket, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    } else {
        rule.status = rule.status != 0 ? rule.status : 200;
        answer(connection.socket, &rule, rule.act == RECEIVER_FLOODS ? 100u << 20 : 0);
    }
    close(connection.socket);
    return NULL;
}

static void *accept_all(void *context)
{
    struct test_receiver *receiver = context;
    for (;;) {
        int socket = accept(receiver->listener, NULL, NULL);
        if (socket < 0) {
            return NULL;
        }
        struct connection *connection = malloc(sizeof(*connection));
        pthread_t thread;
        MUST(connection != NULL);
        *connection = (struct connection){receiver, socket};
        MUST(pthread_create(&thread, NULL, serve, connection) == 0);
        pthread_detach(thread);
    }
}

void receiver_start(struct test_receiver *receiver)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    *receiver = (struct test_receiver){.listener = socket(AF_INET, SOCK_STREAM, 0)};
    receiver->kept = calloc(RECEIVER_KEPT_MAX, sizeof(*receiver->kept));
    MUST(receiver->kept != NULL && receiver->listener >= 0);
    pthread_mutex_init(&receiver->lock, NULL);
    pthread_cond_init(&receiver->released, NULL);
    MUST(bind(receiver->listener, (struct sockaddr *)&address, size) == 0);
    MUST(listen(receiver->listener, 512) == 0);
    MUST(getsockname(receiver->listener, (struct sockaddr *)&address, &size) == 0);
    receiver->port = ntohs(address.sin_port);
    MUST(pthread_create(&receiver->thread, NULL, accept_all, receiver) == 0);
}

void receiver_rule(struct test_receiver *receiver, struct receiver_rule rule)
{
    pthread_mutex_lock(&receiver->lock);
    MUST(receiver->rule_count < RECEIVER_RULES_MAX);
    receiver->rules[receiver->rule_count++] = rule;
    pthread_mutex_unlock(&receiver->lock);
}

uint32_t receiver_wait(struct test_receiver *receiver, uint32_t count, int64_t wait_ms)
{
    int64_t deadline_us = monotonic_us() + wait_ms * 1000;
    for (;;) {
        pthread_mutex_lock(&receiver->lock);
        uint32_t have = receiver->count;
        pthread_mutex_unlock(&receiver->lock);
        if (have >= count || monotonic_us() >= deadline_us) {
            return have;
        }
        usleep(2000);
    }
}

struct receiver_request receiver_request(struct test_receiver *receiver, uint32_t index)
{
    pthread_mutex_lock(&receiver->lock);
    MUST(index < receiver->count);
    struct receiver_request request = receiver->kept[index];
    pthread_mutex_unlock(&receiver->lock);
    return request;
}

void receiver_release(struct test_receiver *receiver)
{
    pthread_mutex_lock(&receiver->lock);
    receiver->is_released = true;
    pthread_cond_broadcast(&receiver->released);
    pthread_mutex_unlock(&receiver->lock);
}

void receiver_stop(struct test_receiver *receiver)
{
    shutdown(receiver->listener, SHUT_RDWR);
    pthread_join(receiver->thread, NULL);
    close(receiver->listener);
    usleep(20000); /* threads that were just answering */
    for (uint32_t i = 0; i < receiver->count; i++) {
        free(receiver->kept[i].head);
        free(receiver->kept[i].body);
    }
    free(receiver->kept);
}
