/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/parent.h"
#include "ingest/banner.h"
#include "ingest/base/must.h"
#include "ingest/child.h"
#include "ingest/data_dir.h"
#include "ingest/host/clock.h"
#include "ingest/host/log.h"
#include "ingest/listener.h"
#include "ingest/redis_child.h"
#include "ingest/server.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define REDIS_STOP_MS                                                                              \
    10000 /* its AOF is written as it goes: a stop needs a fraction of a second                    \
           */

struct parent {
    const struct options *options;
    struct data_dir data;
    struct server_start start; /* what the server child is given */
    struct child server;
    struct child redis;
    int signals;
    bool has_redis;
    bool is_stopping;
    int status; /* to leave with */
};

static int64_t now_ms(void)
{
    return clock_monotonic_us() / 1000;
}

static int run_server(void *data)
{
    return server_run(data);
}

static int run_redis(void *data)
{
    return redis_child_exec(data);
}

static bool open_all(const char *const *addresses, unsigned count, int *fds)
{
    MUST(count > 0 && count <= LISTEN_MAX);
    for (unsigned i = 0; i < count; i++) {
        char problem[512];
        fds[i] = listener_open(addresses[i], problem, sizeof(problem));
        if (fds[i] < 0) {
            fprintf(stderr, "tocsin: %s\n", problem);
            return false;
        }
    }
    return true;
}

/* Signals arrive as bytes to read: no code of ours runs in a handler. */
static int catch_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGCHLD);
    MUST(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    MUST(fd >= 0);
    return fd;
}

static void reap(struct parent *parent)
{
    for (;;) {
        int status = 0;
        pid_t pid = waitpid(-1, &status, WNOHANG);
        if (pid <= 0) {
            return;
        }
        struct child *child = child_reap(&parent->server, pid, now_ms())  ? &parent->server
                              : child_reap(&parent->redis, pid, now_ms()) ? &parent->redis
                                                                          : NULL;
        if (child == NULL) {
            continue;
        }
        if (child == &parent->server && WIFEXITED(status) && server_is_final(WEXITSTATUS(status))) {
            parent->status = WEXITSTATUS(status); /* it said why; trying again changes nothing */
            parent->is_stopping = true;
            continue;
        }
        log_write(LOG_ERROR, "a child ended and is started again", "child=%s pid=%d %s=%d",
                  child->name, (int)pid, WIFSIGNALED(status) ? "signal" : "status",
                  WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    }
}

static void take_signals(struct parent *parent)
{
    struct signalfd_siginfo info;
    while (read(parent->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (info.ssi_signo == SIGHUP) {
            child_signal(&parent->server, SIGHUP);
        } else if (info.ssi_signo == SIGCHLD) {
            reap(parent);
        } else {
            parent->is_stopping = true;
        }
    }
}

/* The server writes one byte when it is ready for the first time: then a person may read on. */
static void watch_ready(struct parent *parent, int ready_fd, bool *announced)
{
    char byte = 0;
    if (!*announced && read(ready_fd, &byte, 1) == 1) {
        banner_print(stdout, parent->options, &parent->data, parent->start.intake_fds[0],
                     parent->start.api_fds[0]);
        *announced = true;
    }
}

static void supervise(struct parent *parent, int ready_fd)
{
    bool announced = false;
    while (!parent->is_stopping) {
        int64_t due = child_tick(&parent->server, now_ms());
        if (parent->has_redis) {
            int64_t redis_due = child_tick(&parent->redis, now_ms());
            due = redis_due < due ? redis_due : due;
        }
        int64_t wait = due == INT64_MAX ? -1 : due - now_ms();
        struct pollfd polled[] = {{.fd = parent->signals, .events = POLLIN},
                                  {.fd = announced ? -1 : ready_fd, .events = POLLIN}};
        int timeout = wait < 0 && due != INT64_MAX ? 0 : wait > 60000 ? 60000 : (int)wait;
        if (poll(polled, 2, timeout) < 0 && errno != EINTR) {
            return;
        }
        take_signals(parent);
        watch_ready(parent, ready_fd, &announced);
    }
}

static int stop_all(struct parent *parent)
{
    if (parent->server.pid != 0 &&
        !child_stop(&parent->server, (int)parent->options->drain_ms + 2000)) {
        log_write(LOG_ERROR, "the server did not stop in time", "drain_ms=%u",
                  parent->options->drain_ms);
        parent->status = 1;
    }
    if (parent->has_redis) {
        (void)child_stop(&parent->redis, REDIS_STOP_MS);
    }
    return parent->status;
}

static bool prepare(struct parent *parent, int ready_pipe[2])
{
    const struct options *options = parent->options;
    MUST(options->listen_count > 0 && options->api_listen_count > 0);
    char problem[1024];
    if (!data_dir_open(&parent->data, options->data, problem, sizeof(problem))) {
        fprintf(stderr, "tocsin: %s\n", problem);
        return false;
    }
    parent->start = (struct server_start){.options = options, .data = &parent->data};
    if (!open_all(options->listen, options->listen_count, parent->start.intake_fds) ||
        !open_all(options->api_listen, options->api_listen_count, parent->start.api_fds)) {
        return false;
    }
    MUST(pipe2(ready_pipe, O_CLOEXEC | O_NONBLOCK) == 0);
    parent->start.ready_fd = ready_pipe[1];
    if (!data_dir_announce(&parent->data, parent->start.api_fds[0], options->tls_cert != NULL,
                           problem, sizeof(problem))) {
        fprintf(stderr, "tocsin: %s\n", problem);
        return false;
    }
    return true;
}

int parent_run(const struct options *options)
{
    MUST(options != NULL && options->data != NULL);
    struct parent parent = {.options = options, .has_redis = options->redis == NULL};
    int ready_pipe[2];
    if (!prepare(&parent, ready_pipe)) {
        return 1;
    }
    parent.signals = catch_signals();
    parent.server = (struct child){
        .name = "server", .run = run_server, .data = &parent.start, .death_signal = SIGKILL};
    parent.redis = (struct child){
        .name = "redis-server", .run = run_redis, .data = &parent.data, .death_signal = SIGTERM};
    supervise(&parent, ready_pipe[0]);
    int status = stop_all(&parent);
    data_dir_close(&parent.data);
    return status;
}
