/* SPDX-License-Identifier: Apache-2.0 */
/* log — lines for the operator on standard error, in logfmt.
 *
 *   level=info msg="redis is back" away_ms=30012 replayed=1200
 *
 * One write(2) a line, so lines of threads and processes do not mix. No time: journald and
 * container runtimes add their own. Used from the pipeline's floor upwards; everything below
 * answers with a fault or a state instead. Any thread.
 */
#pragma once
#include "ingest/base/slice.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };

#define LOG_LINE_BYTES_MAX 2048u

/* `message` is what happened; `format` and its arguments are the pairs, such as "port=%u peer=%s",
 * or "" for none. A line over LOG_LINE_BYTES_MAX is cut. Control characters become '?'. */
void log_write(enum log_level level, const char *message, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As log_write, to another descriptor. */
void log_write_to(int fd, enum log_level level, const char *message, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
