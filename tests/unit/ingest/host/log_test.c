/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/host/log.h"

#include <criterion/criterion.h>
#include <unistd.h>

static char got[4 * LOG_LINE_BYTES_MAX];

/* Reads what was written to the pipe so far. */
static struct slice written(const int ends[2])
{
    (void)close(ends[1]);
    ssize_t len = read(ends[0], got, sizeof got);
    (void)close(ends[0]);
    return slice_of(got, len > 0 ? (size_t)len : 0);
}

Test(log, a_line_is_logfmt)
{
    int ends[2];
    cr_assert(pipe(ends) == 0);

    log_write_to(ends[1], LOG_WARNING, "redis is away", "since_ms=%d url=%s", 30, "unix:x");

    cr_expect(slice_eq(written(ends),
                       SLICE("level=warning msg=\"redis is away\" since_ms=30 url=unix:x\n")));
}

Test(log, quotes_are_escaped_and_control_characters_replaced)
{
    int ends[2];
    cr_assert(pipe(ends) == 0);

    log_write_to(ends[1], LOG_ERROR, "a \"b\" \\ c\nd", "peer=%s", "\x1b[2J\r\n");

    cr_expect(
        slice_eq(written(ends), SLICE("level=error msg=\"a \\\"b\\\" \\\\ c?d\" peer=?[2J??\n")));
}

Test(log, a_long_line_is_cut_and_stays_one_line)
{
    int ends[2];
    char text[3 * LOG_LINE_BYTES_MAX];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    cr_assert(pipe(ends) == 0);

    log_write_to(ends[1], LOG_INFO, text, "more=%s", text);
    log_write_to(ends[1], LOG_INFO, "short", "more=%s", text);
    struct slice lines = written(ends);

    size_t first = slice_find(lines, '\n');
    cr_expect(first < LOG_LINE_BYTES_MAX && first > LOG_LINE_BYTES_MAX - 8);
    cr_expect(slice_find(slice_from(lines, first + 1), '\n') < LOG_LINE_BYTES_MAX);
    cr_expect(slice_ends(lines, SLICE("x\n")));
}

Test(log, no_pairs_no_trailing_blank)
{
    int ends[2];
    cr_assert(pipe(ends) == 0);

    log_write_to(ends[1], LOG_DEBUG, "ready", "%s", "");

    cr_expect(slice_starts(written(ends), SLICE("level=debug msg=\"ready\"")));
}
