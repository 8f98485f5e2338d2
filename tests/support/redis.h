/* SPDX-License-Identifier: Apache-2.0 */
/* redis — a private redis-server for one test, on a unix socket in a scratch folder.
 *
 * AOF everysec, no snapshots, no TCP port, ended by its pid and at the latest with the test
 * process.
 */
#pragma once
#include <sys/types.h>

struct redis_server {
    pid_t pid; /* 0: not running */
    char folder[64];
    char socket[96];
    char url[104]; /* "unix:..." */
};

/* Makes the folder, starts, waits until it answers; the test aborts when it does not. */
void redis_server_start(struct redis_server *server);

/* SIGKILL, and waits for the end. The data stays. */
void redis_server_kill(struct redis_server *server);

/* Starts it again on the same folder; waits until it answers. */
void redis_server_restart(struct redis_server *server);

/* Ends it and removes the folder. */
void redis_server_stop(struct redis_server *server);
