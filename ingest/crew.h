/* SPDX-License-Identifier: Apache-2.0 */
/* crew — the workers of the intake, one per core, started and stopped together.
 *
 * Before the first one starts, libh2o is attacked in this process (guard_self_test): when it cannot
 * be made safe, HTTP/2 is not offered and the log says so. Owner: the server's main thread.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* More than any machine of today has cores: each costs a thread, a loop and its jobs. */
#define CREW_MAX 256u

struct crew;
struct journal;
struct limiter;
struct options;
struct snapshot_box;
struct worker;

struct crew_options {
    const struct options *options; /* all borrowed; they outlive the crew */
    const int *listen_fds;         /* options->listen_count of them */
    struct snapshot_box *box;
    struct journal *journal;
    struct limiter *limiter;                                 /* NULL: limits are not kept */
    bool (*is_ready)(void *context, char *why, size_t room); /* for /readyz; any thread */
    void *ready_context;
};

/* Starts all of them. NULL, after a line in the log, when TLS, a thread or memory cannot be had;
 * then threads may have been left behind, and the process must end. */
struct crew *crew_start(const struct crew_options *options);

/* Stops accepting and finishes what is in flight within `deadline_ms`; returns at once. */
void crew_drain(struct crew *crew, unsigned deadline_ms);

/* Waits until the drain has nothing left to do, or until `deadline_us` (monotonic). */
void crew_wait(const struct crew *crew, int64_t deadline_us);

/* Ends the threads. The journal must have answered everything. */
void crew_join(struct crew *crew);

/* Frees it, once the committer has released every job. NULL is fine. */
void crew_free(struct crew *crew);

unsigned crew_count(const struct crew *crew);
const struct worker *crew_worker(const struct crew *crew, unsigned index);
