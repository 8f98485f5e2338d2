/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/child.h"
#include "ingest/base/must.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BACKOFF_FIRST_MS 100
#define BACKOFF_MAX_MS   5000
#define STABLE_MS        10000 /* lived so long: the next death starts the backoff afresh */
#define POLL_MS          10

_Noreturn static void become(const struct child *child, pid_t parent)
{
    MUST(child->run != NULL);
    sigset_t none;
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)prctl(PR_SET_PDEATHSIG, child->death_signal);
    if (getppid() != parent) { /* it died before prctl */
        _exit(1);
    }
    int status = child->run(child->data);
    exit(status);
}

bool child_start(struct child *child, int64_t now_ms)
{
    MUST(child->pid == 0);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        become(child, parent);
    }
    if (pid < 0) {
        child->restart_ms = now_ms + BACKOFF_MAX_MS;
        return false;
    }
    child->pid = pid;
    child->started_ms = now_ms;
    return true;
}

bool child_reap(struct child *child, pid_t pid, int64_t now_ms)
{
    if (pid != child->pid || pid == 0) {
        return false;
    }
    child->pid = 0;
    if (now_ms - child->started_ms > STABLE_MS) {
        child->failures = 0;
    }
    int64_t wait = child->failures == 0 ? 0 : BACKOFF_FIRST_MS << (child->failures - 1);
    child->restart_ms = now_ms + (wait < BACKOFF_MAX_MS ? wait : BACKOFF_MAX_MS);
    if (child->failures < 7) {
        child->failures++;
    }
    MUST(child->failures <= 7);
    return true;
}

int64_t child_tick(struct child *child, int64_t now_ms)
{
    MUST(child->pid >= 0);
    if (child->pid != 0) {
        return INT64_MAX;
    }
    if (now_ms < child->restart_ms || child_start(child, now_ms)) {
        return child->pid != 0 ? INT64_MAX : child->restart_ms;
    }
    return child->restart_ms;
}

void child_signal(const struct child *child, int signal_number)
{
    MUST(signal_number > 0);
    if (child->pid != 0) {
        (void)kill(child->pid, signal_number);
    }
}

bool child_stop(struct child *child, int deadline_ms)
{
    MUST(deadline_ms >= 0);
    const struct timespec pause = {.tv_nsec = POLL_MS * 1000000L};
    int status = -1;
    if (child->pid == 0) {
        return false;
    }
    child_signal(child, SIGTERM);
    for (int waited = 0; waited <= deadline_ms; waited += POLL_MS) {
        pid_t ended = waitpid(child->pid, &status, WNOHANG);
        if (ended == child->pid || (ended < 0 && errno == ECHILD)) {
            child->pid = 0;
            return ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
        }
        (void)nanosleep(&pause, NULL);
    }
    child_signal(child, SIGKILL);
    (void)waitpid(child->pid, &status, 0);
    child->pid = 0;
    return false;
}
