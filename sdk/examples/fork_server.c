/* SPDX-License-Identifier: Apache-2.0 */
/* A server that forks its workers: fork_server DSN. Worker 0 reports and ends, worker 1 crashes,
 * worker 2 is killed; the parent reports what it saw. Each worker that starts a session gets its
 * own, so the crash and the kill show up as such. */
#include "tocsin.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void work(int n)
{
    tocsin_session_start();
    tocsin_tag("worker", n == 0 ? "0" : n == 1 ? "1" : "2");
    tocsin_capturef(TOCSIN_INFO, NULL, "worker %d is up", n);
    if (n == 1) {
        abort();
    }
    if (n == 2) {
        raise(SIGKILL);
    }
    exit(tocsin_close(2000) != TOCSIN_OK);
}

int main(int argc, char **argv)
{
    tocsin_options options = {
        .size = sizeof options, .dsn = argc > 1 ? argv[1] : NULL, .dir = argc > 2 ? argv[2] : NULL};
    int status, result = tocsin_init(&options);
    if (result != TOCSIN_OK) {
        fprintf(stderr, "usage: fork_server DSN [folder] (%s)\n", tocsin_strerror(result));
        return 2;
    }
    for (int n = 0; n < 3; n++) {
        pid_t pid = fork();
        if (pid == 0) {
            work(n);
        }
        waitpid(pid, &status, 0);
        if (WIFSIGNALED(status)) {
            tocsin_capturef(TOCSIN_ERROR, "worker_died", "worker %d died by signal %d", n,
                            WTERMSIG(status));
        }
    }
    return tocsin_close(4000) != TOCSIN_OK;
}
