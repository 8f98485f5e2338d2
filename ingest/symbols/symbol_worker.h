/* SPDX-License-Identifier: Apache-2.0 */
/* symbol_worker — the process that reads uploaded files: `tocsin symbolise-worker`.
 *
 *   socket 3 ─▶ question + file ─▶ dwarf.h ─▶ answer ─▶ socket 3         symbol_wire.h
 *
 * Started by worker_process.h alone; goes into the sandbox before it reads anything, and ends when
 * the socket does. Keeps nothing from one question to the next. A file that libdw cannot read gives
 * MALFORMED for each address; one that makes it crash or hang ends the process.
 */
#pragma once

#define SYMBOL_WORKER_FD      3
#define SYMBOL_WORKER_COMMAND "symbolise-worker" /* in argv[1] */

#define SYMBOL_WORKER_NO_SANDBOX 1 /* exit status: nothing was read */

/* Gives the exit status: 0 when the socket was closed, SYMBOL_WORKER_NO_SANDBOX (or memory), 2
 * after what is no question. */
int symbol_worker_run(int fd);
