/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/host/log.h"

#include "ingest/base/must.h"
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static const char *const LEVEL_NAMES[] = {"debug", "info", "warning", "error"};

/* What a terminal or a log store could take for something else than one line of text. */
static void clean(char *line, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f) {
            line[i] = '?';
        }
    }
}

/* Appends the message with quotes and backslashes escaped; gives the new length. */
static size_t add_quoted(char *line, size_t len, size_t room, const char *text)
{
    for (; *text != '\0' && len + 2 < room; text++) {
        if (*text == '"' || *text == '\\') {
            line[len++] = '\\';
        }
        line[len++] = *text;
    }
    return len;
}

__attribute__((format(printf, 4, 0))) static void
write_line(int fd, enum log_level level, const char *message, const char *format, va_list arguments)
{
    MUST(level <= LOG_ERROR && message != NULL && format != NULL);
    char line[LOG_LINE_BYTES_MAX];
    size_t room = sizeof line - 2; /* the newline and vsnprintf's NUL */
    size_t len = (size_t)snprintf(line, room, "level=%s msg=\"", LEVEL_NAMES[level]);
    len = add_quoted(line, len, room - 2, message);
    line[len++] = '"';
    if (format[0] != '\0') {
        line[len++] = ' ';
        int more = vsnprintf(line + len, room - len, format, arguments);
        len = more < 0 ? len : len + (size_t)more < room ? len + (size_t)more : room - 1;
    }
    clean(line, len);
    line[len++] = '\n';
    /* Nobody could be told that standard error is gone. */
    ssize_t ignored = write(fd, line, len);
    (void)ignored;
}

void log_write(enum log_level level, const char *message, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_line(STDERR_FILENO, level, message, format, arguments);
    va_end(arguments);
}

void log_write_to(int fd, enum log_level level, const char *message, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    write_line(fd, level, message, format, arguments);
    va_end(arguments);
}
