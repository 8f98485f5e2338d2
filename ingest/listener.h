/* SPDX-License-Identifier: Apache-2.0 */
/* listener — the sockets we announce, and only those.
 *
 * Opened by the parent before any child starts, so that a crash or an upgrade of the server never
 * closes them: clients that connect meanwhile wait in the backlog. Children inherit the
 * descriptors.
 */
#pragma once
#include "ingest/base/slice.h"

/* Opens a listening, non-blocking TCP socket on "ADDR:PORT" ("127.0.0.1:0", "[::1]:8627", or a
 * host name: its first address). Gives the descriptor; -1 fills `problem` with one line for people.
 */
int listener_open(const char *address, char *problem, size_t room);

/* Fills "ADDR:PORT" as bound (port 0 is replaced by the real one). */
void listener_name(int fd, char *out, size_t room);
