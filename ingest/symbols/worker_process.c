/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/worker_process.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/host/clock.h"
#include "ingest/symbols/symbol_worker.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define POLL_MS 100

/* ---- start and end ---- */

static int spawn(const char *program, int fd, pid_t *out)
{
    char name[] = "tocsin";
    char command[] = SYMBOL_WORKER_COMMAND;
    char *argv[] = {name, command, NULL};
    char *environment[] = {NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    MUST(posix_spawn_file_actions_init(&files) == 0 && posix_spawnattr_init(&attributes) == 0);
    int status = posix_spawn_file_actions_adddup2(&files, fd, SYMBOL_WORKER_FD);
    status |= posix_spawn_file_actions_addclosefrom_np(&files, SYMBOL_WORKER_FD + 1);
    status |= posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    status |= posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    status |= posix_spawnattr_setsigmask(&attributes, &none);
    status |= posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    if (status == 0) {
        status = posix_spawn(out, program, &files, &attributes, argv, environment);
    }
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&files);
    return status;
}

static bool start(struct worker_process *worker)
{
    int pair[2];
    if (worker->pid != 0) {
        return true;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        return false;
    }
    int status = spawn(worker->program, pair[1], &worker->pid);
    close(pair[1]);
    if (status != 0) {
        worker->pid = 0;
        close(pair[0]);
        return false;
    }
    worker->fd = pair[0];
    worker->questions = 0;
    worker->starts++;
    return true;
}

/* Gives how it ended, as waitpid does. */
static int end_process(struct worker_process *worker)
{
    int status = 0;
    MUST(worker->pid > 1);
    close(worker->fd);
    (void)kill(worker->pid, SIGKILL);
    while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR) {
    }
    worker->pid = 0;
    return status;
}

void worker_process_stop(struct worker_process *worker)
{
    if (worker->pid != 0) {
        (void)end_process(worker);
    }
}

/* ---- talking ---- */

/* One question under way. */
struct talk {
    int fd;
    int64_t deadline_us;
    const atomic_bool *is_stopping;
};

/* Waits until the socket can be used for `events`. */
static enum worker_end await(const struct talk *talk, short events)
{
    for (;;) {
        int64_t left_ms = (talk->deadline_us - clock_monotonic_us()) / 1000;
        struct pollfd one = {.fd = talk->fd, .events = events};
        if (left_ms <= 0 || atomic_load(talk->is_stopping)) {
            return WORKER_LATE;
        }
        int ready = poll(&one, 1, left_ms < POLL_MS ? (int)left_ms : POLL_MS);
        if (ready > 0) {
            return WORKER_ANSWERED;
        }
        if (ready < 0 && errno != EINTR) {
            return WORKER_DIED;
        }
    }
}

static enum worker_end hear(const struct talk *talk, void *into, size_t size)
{
    char *at = into;
    while (size > 0) {
        enum worker_end end = await(talk, POLLIN);
        if (end != WORKER_ANSWERED) {
            return end;
        }
        ssize_t got = recv(talk->fd, at, size, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
            return WORKER_DIED;
        }
        at += got > 0 ? got : 0;
        size -= got > 0 ? (size_t)got : 0;
    }
    return WORKER_ANSWERED;
}

static bool say_count(const struct talk *talk, uint32_t count, int file)
{
    struct iovec part = {.iov_base = &count, .iov_len = sizeof(count)};
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {.room = {0}};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control.room,
                             .msg_controllen = sizeof(control.room)};
    control.header.cmsg_level = SOL_SOCKET;
    control.header.cmsg_type = SCM_RIGHTS;
    control.header.cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(&control.header), &file, sizeof(int));
    return sendmsg(talk->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof(count);
}

/* A question fits the socket's buffer, which is empty: one that blocks is a worker gone wrong. */
static enum worker_end say(const struct talk *talk, int file,
                           const struct symbol_question *question)
{
    size_t size = question->count * sizeof(question->addresses[0]);
    bool is_said =
        say_count(talk, question->count, file) &&
        send(talk->fd, question->addresses, size, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)size;
    return is_said ? WORKER_ANSWERED : WORKER_DIED;
}

static enum worker_end hear_answer(const struct talk *talk, struct buffer *answer)
{
    uint32_t left = 0;
    char part[16384];
    enum worker_end end = hear(talk, &left, sizeof(left));
    if (end == WORKER_ANSWERED && left > SYMBOL_ANSWER_BYTES_MAX) {
        return WORKER_DIED;
    }
    while (end == WORKER_ANSWERED && left > 0) {
        size_t size = left < sizeof(part) ? left : sizeof(part);
        end = hear(talk, part, size);
        buffer_add(answer, slice_of(part, end == WORKER_ANSWERED ? size : 0));
        left -= (uint32_t)size;
    }
    return answer->overflowed ? WORKER_DIED : end;
}

/* Exactly `count` symbols, and nothing after them. */
static bool is_answer(struct slice answer, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (symbol_skip(&answer).len == 0) {
            return false;
        }
    }
    return answer.len == 0;
}

enum worker_end worker_process_ask(struct worker_process *worker, int file,
                                   const struct symbol_question *question, int deadline_ms,
                                   const atomic_bool *is_stopping, struct buffer *answer)
{
    MUST(question->count > 0 && question->count <= SYMBOL_ADDRESSES_MAX && file >= 0);
    buffer_reset(answer);
    if (!start(worker)) {
        return WORKER_ABSENT;
    }
    const struct talk talk = {worker->fd, clock_monotonic_us() + deadline_ms * INT64_C(1000),
                              is_stopping};
    enum worker_end end = say(&talk, file, question);
    if (end == WORKER_ANSWERED) {
        end = hear_answer(&talk, answer);
    }
    if (end == WORKER_ANSWERED && !is_answer(buffer_slice(answer), question->count)) {
        end = WORKER_DIED;
    }
    if (end == WORKER_ANSWERED && ++worker->questions < SYMBOLISE_QUESTIONS_MAX) {
        return end;
    }
    int status = end_process(worker);
    bool is_without_sandbox = WIFEXITED(status) && WEXITSTATUS(status) == SYMBOL_WORKER_NO_SANDBOX;
    return end == WORKER_DIED && is_without_sandbox ? WORKER_ABSENT : end;
}
