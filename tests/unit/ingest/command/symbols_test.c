/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/command/desk.h"
#include "tests/unit/ingest/command/said.h"
#include "tests/unit/ingest/symbols/made.h"
#include <sys/stat.h>

#define HEX "0102030000000000000000000000000000000000"

static struct desk_row rows[] = {{NULL, 0, NULL}};
static struct desk desk;
static char program[128];

static void setup(void)
{
    struct made file = made();
    desk_open(&desk, rows);
    snprintf(program, sizeof(program), "%s/shop", desk.folder);
    made_write(program, &file, sizeof(file));
}

static void teardown(void)
{
    desk_close(&desk);
}

TestSuite(symbols, .init = setup, .fini = teardown);

#define SYMBOLS(...) SAID(command_symbols, "symbols", __VA_ARGS__, "--data", desk.folder)

Test(symbols, are_uploaded_listed_and_removed)
{
    const struct said *said = SYMBOLS("list");
    cr_expect_eq(said->status, 0);
    cr_expect_str_eq(said->out, "no symbols (`tocsin symbols upload FILE...`)\n");
    said = SYMBOLS("upload", program);
    cr_expect_eq(said->status, 0, "%s", said->err);
    cr_expect(strncmp(said->out, HEX " debug /", strlen(HEX) + 8) == 0, "%s", said->out);
    said = SYMBOLS("list");
    cr_expect_eq(said->status, 0);
    cr_expect(strstr(said->out, "\n" HEX " debug ") != NULL, "%s", said->out);
    said = SYMBOLS("remove", HEX);
    cr_expect_eq(said->status, 0, "%s", said->err);
    said = SYMBOLS("remove", HEX);
    cr_expect_eq(said->status, 1);
    cr_expect_str_eq(said->err, "tocsin: " HEX ": nothing is kept of it\n");
}

Test(symbols, that_are_none_are_named_and_the_others_kept)
{
    const struct said *said = SYMBOLS("upload", "/dev/null", "/nonexistent", program);
    cr_expect_eq(said->status, 1);
    cr_expect_str_eq(said->err,
                     "tocsin: /dev/null: not a regular file\n"
                     "tocsin: /nonexistent: cannot be read: No such file or directory\n");
    cr_expect(strstr(said->out, HEX) != NULL);
}

Test(symbols, say_how_they_are_used)
{
    static const char *const wrong[][2] = {
        {"upload", NULL}, {"remove", NULL}, {"list", "more"}, {"forget", "x"}, {"list", "--all"}};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        const char *const words[] = {"symbols", wrong[i][0], wrong[i][1], NULL};
        cr_expect_eq(said_run(command_symbols, words, NULL)->status, EXIT_USAGE, "%zu", i);
    }
    const struct said *said = SAID(command_symbols, "symbols", "--help");
    cr_expect_eq(said->status, 0);
    cr_expect(strstr(said->out, "tocsin symbols upload shop.debug") != NULL);
    said = SYMBOLS("remove", "../../etc");
    cr_expect_eq(said->status, 1);
    cr_expect(strstr(said->err, "not a build id") != NULL);
}

Test(symbols, need_a_data_folder)
{
    const struct said *said = SAID(command_symbols, "symbols", "list", "--data", "/nonexistent");
    cr_expect_eq(said->status, 1);
    cr_expect(strstr(said->err, "/nonexistent") != NULL);
}

Test(symbols, worker_is_no_command_for_people)
{
    const struct said *said = SAID(command_run, "tocsin", "--help");
    cr_expect(strstr(said->out, "tocsin symbols ") != NULL);
    cr_expect(strstr(said->out, SYMBOL_WORKER_COMMAND) == NULL);
}
