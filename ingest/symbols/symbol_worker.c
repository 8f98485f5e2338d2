/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/symbol_worker.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/symbols/dwarf.h"
#include "ingest/symbols/sandbox.h"
#include "ingest/symbols/symbol_wire.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define ARENA_BYTES (16u << 20)

struct worker {
    int fd;
    int file; /* of the question; -1: none came with it */
    uint32_t count;
    uint64_t addresses[SYMBOL_ADDRESSES_MAX];
    struct arena arena; /* of one address */
    struct buffer answer;
};

enum heard { HEARD_QUESTION, HEARD_END, HEARD_NOISE };

/* Takes the descriptor that came with a message; of several, the first. */
static void take_file(struct worker *worker, struct msghdr *message)
{
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
        header->cmsg_len == CMSG_LEN(sizeof(int))) {
        memcpy(&worker->file, CMSG_DATA(header), sizeof(int));
    }
}

/* The count, and the file that comes with it. */
static enum heard hear_count(struct worker *worker)
{
    struct iovec part = {.iov_base = &worker->count, .iov_len = sizeof(worker->count)};
    _Alignas(struct cmsghdr) char room[CMSG_SPACE(sizeof(int))];
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)};
    ssize_t got = 0;
    worker->file = -1;
    do {
        got = recvmsg(worker->fd, &message, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got <= 0) {
        return HEARD_END;
    }
    take_file(worker, &message);
    bool is_one = got == sizeof(worker->count) && worker->file >= 0 && worker->count > 0 &&
                  worker->count <= SYMBOL_ADDRESSES_MAX;
    return is_one ? HEARD_QUESTION : HEARD_NOISE;
}

static enum heard hear(struct worker *worker)
{
    enum heard heard = hear_count(worker);
    size_t size = worker->count * sizeof(worker->addresses[0]);
    if (heard != HEARD_QUESTION) {
        return heard;
    }
    return recv(worker->fd, worker->addresses, size, MSG_WAITALL) == (ssize_t)size ? heard
                                                                                   : HEARD_END;
}

/* An answer that would be too long says of the rest that nothing is known. */
static void add(struct worker *worker, const struct symbol *symbol)
{
    static const struct symbol nothing = {.status = SYMBOL_NO_SYMBOL};
    uint32_t left = SYMBOL_ADDRESSES_MAX * 2;
    size_t before = worker->answer.len;
    symbol_write(&worker->answer, symbol);
    if (worker->answer.overflowed || worker->answer.len > SYMBOL_ANSWER_BYTES_MAX - left) {
        worker->answer.len = before;
        worker->answer.overflowed = false;
        symbol_write(&worker->answer, &nothing);
    }
}

static void look_up(struct worker *worker)
{
    static const struct symbol unreadable = {.status = SYMBOL_MALFORMED};
    struct dwarf_file *file = dwarf_open(worker->file);
    for (uint32_t i = 0; i < worker->count; i++) {
        struct symbol symbol = unreadable;
        if (file != NULL) {
            dwarf_find(file, worker->addresses[i], &worker->arena, &symbol);
        }
        add(worker, &symbol);
        arena_reset(&worker->arena);
    }
    dwarf_close(file);
}

static bool say(int fd, const char *at, size_t size)
{
    while (size > 0) {
        ssize_t sent = send(fd, at, size, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) {
            return false;
        }
        at += sent > 0 ? sent : 0;
        size -= sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

static bool answer(struct worker *worker)
{
    struct slice text = buffer_slice(&worker->answer);
    uint32_t length = (uint32_t)text.len;
    MUST(text.len > 0 && text.len <= SYMBOL_ANSWER_BYTES_MAX);
    return say(worker->fd, (const char *)&length, sizeof(length)) &&
           say(worker->fd, text.at, text.len);
}

int symbol_worker_run(int fd)
{
    struct worker *worker = calloc(1, sizeof(*worker));
    if (worker == NULL || !arena_init(&worker->arena, ARENA_BYTES) || !sandbox_enter(fd)) {
        free(worker);
        return SYMBOL_WORKER_NO_SANDBOX;
    }
    enum heard heard = HEARD_QUESTION;
    worker->fd = fd;
    buffer_init(&worker->answer, SYMBOL_ANSWER_BYTES_MAX);
    for (;;) {
        heard = hear(worker);
        if (heard != HEARD_QUESTION) {
            break;
        }
        buffer_reset(&worker->answer);
        look_up(worker);
        if (!answer(worker)) {
            heard = HEARD_END;
            break;
        }
    }
    buffer_done(&worker->answer);
    arena_done(&worker->arena);
    free(worker);
    return heard == HEARD_NOISE ? 2 : 0;
}
