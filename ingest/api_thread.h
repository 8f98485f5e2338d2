/* SPDX-License-Identifier: Apache-2.0 */
/* api_thread — the private listener: its thread, loop, HTTP server and API, as one thing to start
 * and stop. Reads may wait for Redis here, and never touch a worker. Owner: the server's main
 * thread.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct alerting;
struct api_thread;
struct committer;
struct crew;
struct journal;
struct options;
struct redis_options;
struct snapshot_box;
struct symboliser;

struct api_thread_options {
    const struct options *options; /* all borrowed; they outlive the thread */
    const int *listen_fds;         /* options->api_listen_count of them */
    const char *token;
    const char *public_base; /* for DSNs */
    struct snapshot_box *box;
    struct journal *journal;
    struct committer *committer;
    struct alerting *alerting;
    struct symboliser *symboliser;
    const struct redis_options *redis;
    const struct crew *crew; /* whose counters /metrics tells */
    bool (*is_ready)(void *context, char *why, size_t room);
    void *ready_context;
};

/* NULL, after a line in the log, when it cannot be started. */
struct api_thread *api_thread_start(const struct api_thread_options *options);

/* Ends the thread; requests under way are cut off. */
void api_thread_join(struct api_thread *api_thread);

/* After api_thread_join. NULL is fine. */
void api_thread_free(struct api_thread *api_thread);
