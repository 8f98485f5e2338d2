/* SPDX-License-Identifier: Apache-2.0 */
/* child — one supervised process: started, restarted when it dies, stopped within a deadline.
 *
 *   stopped ─start─▶ running ─dies─▶ waiting (backoff 0, 100 ms, … 5 s) ─▶ running
 *                       └──────stop (TERM, after the deadline KILL)──────▶ stopped
 *
 * A child dies with its parent (PR_SET_PDEATHSIG). The backoff starts afresh after a child has
 * lived for 10 s. Owner: the parent's only thread; time is an argument.
 */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct child {
    const char *name;
    int (*run)(void *data); /* in the child: its exit status. May exec. */
    void *data;
    int death_signal; /* sent to it when the parent dies */
    pid_t pid;        /* 0 while not running */
    int64_t started_ms;
    int64_t restart_ms; /* when to start again; meaningful while pid is 0 */
    unsigned failures;  /* in a row */
};

/* Forks; false when the kernel refuses (it is tried again by child_tick). */
bool child_start(struct child *child, int64_t now_ms);

/* Tells that `pid` ended. True when it was this child; then restart_ms is set. */
bool child_reap(struct child *child, pid_t pid, int64_t now_ms);

/* Starts it if it is due. Gives the time to call again at, or INT64_MAX. */
int64_t child_tick(struct child *child, int64_t now_ms);

/* Sends `signal_number` if it runs. */
void child_signal(const struct child *child, int signal_number);

/* TERM, waits up to `deadline_ms`, then KILL. True when it left by itself with status 0. */
bool child_stop(struct child *child, int deadline_ms);
