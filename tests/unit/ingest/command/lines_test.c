/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/lines.h"
#include "tests/support/place.h"
#include "tests/unit/ingest/command/said.h"
#include <stdlib.h>

static char folder[64];
static char path[96];
static char taken[4096]; /* "1:first|2:second|" */
static unsigned long stop_after;

static void setup(void)
{
    place_scratch(folder);
    snprintf(path, sizeof(path), "%s/lines", folder);
    stop_after = 0;
}

static void teardown(void)
{
    place_remove(folder);
}

TestSuite(lines, .init = setup, .fini = teardown);

static bool take(void *context, unsigned long number, struct slice line)
{
    size_t used = strlen(taken);
    cr_expect_eq(context, taken);
    snprintf(taken + used, sizeof(taken) - used, "%lu:%.*s|", number, SLICE_ARG(line));
    return number != stop_after;
}

static void write_file(struct slice text)
{
    FILE *file = fopen(path, "w");
    cr_assert(file != NULL && fwrite(text.at, 1, text.len, file) == text.len);
    cr_assert_eq(fclose(file), 0);
}

static bool read_file(struct slice text)
{
    write_file(text);
    taken[0] = '\0';
    return lines_read(path, take, taken);
}

Test(lines, come_in_order_without_their_newline)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"one\ntwo\n", "1:one|2:two|"}, {"one\ntwo", "1:one|2:two|"},
        {"\n\nx\n", "1:|2:|3:x|"},      {"", ""},
        {"one\r\n", "1:one\r|"},        {"\n", "1:|"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect(read_file(slice_str(cases[i].text)));
        cr_expect_str_eq(taken, cases[i].expected, "case %zu", i);
    }
}

Test(lines, stop_when_told_so_and_that_is_no_failure)
{
    stop_after = 2;

    cr_expect(read_file(SLICE("a\nb\nc\n")));

    cr_expect_str_eq(taken, "1:a|2:b|");
}

static bool measure(void *context, unsigned long number, struct slice line)
{
    size_t *length = context;
    cr_expect_eq(number, 1u);
    *length = line.len;
    return true;
}

Test(lines, are_as_long_as_they_like_and_hold_any_byte)
{
    size_t length = 0;
    size_t size = (size_t)3 << 20;
    char *text = calloc(1, size); /* bytes of zero are part of a line */
    cr_assert_not_null(text);
    write_file(slice_of(text, size));

    cr_expect(lines_read(path, measure, &length));

    cr_expect_eq(length, size);
    free(text);
}

static int count_lines(int argc, char **argv)
{
    return lines_read(argc > 1 ? argv[1] : NULL, take, taken) ? 0 : 1;
}

Test(lines, come_from_standard_input_when_no_file_is_named)
{
    static const char *const without[] = {"c", NULL};
    static const char *const with[] = {"c", "-", NULL};
    taken[0] = '\0';
    cr_expect_eq(said_run(count_lines, without, "x\ny\n")->status, 0);
    cr_expect_str_eq(taken, "1:x|2:y|");
    taken[0] = '\0';
    cr_expect_eq(said_run(count_lines, with, "z")->status, 0);
    cr_expect_str_eq(taken, "1:z|");
}

Test(lines, a_file_that_cannot_be_read_is_told)
{
    const struct said *said = SAID(count_lines, "c", "/nonexistent/lines");
    cr_expect_eq(said->status, 1);
    cr_expect_str_eq(said->err, "tocsin: /nonexistent/lines: No such file or directory\n");

    said = SAID(count_lines, "c", folder);
    cr_expect_eq(said->status, 1);
    cr_expect_not_null(strstr(said->err, "Is a directory"), "%s", said->err);
}
