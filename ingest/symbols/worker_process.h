/* SPDX-License-Identifier: Apache-2.0 */
/* worker_process — the server's end of one symbol worker: started when first asked, killed when it
 * is late, started again at the next question.
 *
 *   none ──ask──▶ running ──answers SYMBOLISE_QUESTIONS_MAX──▶ none (end of the socket)
 *                    └──crash, deadline, an answer that is none──▶ none (KILL, reaped)
 *
 * The process is this program exec'd anew, with an empty environment, nothing of our descriptors
 * but a socket and standard error, and no signal blocked. Owner: one thread, which must live as
 * long as it (the worker dies with the thread that started it).
 */
#pragma once
#include "ingest/base/buffer.h"
#include "ingest/symbols/symbol_wire.h"
#include <stdatomic.h>
#include <sys/types.h>

enum worker_end {
    WORKER_ANSWERED,
    WORKER_DIED, /* or said what is no answer */
    WORKER_LATE,
    WORKER_ABSENT, /* it cannot be started, or the kernel refuses the sandbox */
};

struct worker_process {
    const char *program; /* borrowed; "/proc/self/exe" but in tests */
    pid_t pid;           /* 0 while there is none */
    int fd;
    unsigned questions; /* it has answered */
    uint64_t starts;
};

/* Asks about the file `file`, which stays the caller's. Fills `answer` with as many whole symbols
 * as there are addresses when it gives ANSWERED. `is_stopping`, set by another thread, ends the
 * wait within 100 ms, as LATE. */
enum worker_end worker_process_ask(struct worker_process *worker, int file,
                                   const struct symbol_question *question, int deadline_ms,
                                   const atomic_bool *is_stopping, struct buffer *answer);

/* Ends the process, if there is one. */
void worker_process_stop(struct worker_process *worker);
