/* SPDX-License-Identifier: Apache-2.0 */
/* server — the child that does the work: every thread of it, from start to drain.
 *
 *   main thread   signals; reload.h, readiness.h     (this file)
 *   workers       one per core: intake               crew.h, worker.h
 *   journal       record, sync, answer               storage/journal.h
 *   committer     Redis                              storage/committer.h
 *   alerting x2   facts to notices, delivery         alarm.h, alerting/alerting.h
 *   api           reads                              api_thread.h, http/api/api.h
 *   symboliser    functions of native frames         symbols/symbols.h; has a process of its own
 *
 * Stop order follows the data: intake drains, journal syncs, reads end, alerting ends, committer
 * commits what it can. All of it within --drain seconds; the parent kills what hangs.
 */
#pragma once
#include "ingest/data_dir.h"
#include "ingest/options.h"

/* Exit statuses of the child that a restart cannot cure (sysexits.h). */
#define SERVER_BAD_CONFIG 78

struct server_start {
    const struct options *options; /* paths absolute */
    const struct data_dir *data;
    int intake_fds[LISTEN_MAX];
    int api_fds[LISTEN_MAX];
    int ready_fd; /* gets one byte once the server is ready */
};

/* Runs until SIGTERM. Gives the exit status. `start` is a struct server_start. */
int server_run(void *start);

/* True for statuses after which the parent gives up too. */
bool server_is_final(int status);
