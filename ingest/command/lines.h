/* SPDX-License-Identifier: Apache-2.0 */
/* lines — reads a file or standard input line by line, lines of any length up to a maximum. */
#pragma once
#include "ingest/base/slice.h"

/* Calls `take(context, number, line)` for each line without its newline, numbers from 1, until it
 * gives false. `path` NULL or "-": standard input. False, after a message to standard error: it
 * cannot be read. */
bool lines_read(const char *path,
                bool (*take)(void *context, unsigned long number, struct slice line),
                void *context);
