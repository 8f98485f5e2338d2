/* SPDX-License-Identifier: Apache-2.0 */
/* parent — the process a person starts: holds the sockets, keeps the children alive.
 *
 *   tocsin serve (parent) ──┬── redis-server     unless --redis says where ours is
 *                           └── tocsin (server)  every thread that does the work
 *
 * Small on purpose: what never crashes is what does little. Either child may die at any time; it is
 * started again, and clients notice milliseconds. TERM stops the server first (it drains), then
 * Redis; HUP goes to the server.
 */
#pragma once
#include "ingest/options.h"

/* Runs until told to stop. Gives the exit status: 0 after a clean stop. Speaks on standard output
 * (what a newcomer needs) and standard error. */
int parent_run(const struct options *options);
