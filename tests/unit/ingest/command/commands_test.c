/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/commands.h"
#include "tests/unit/ingest/command/said.h"

Test(commands, without_a_command_the_usage_is_an_error)
{
    const struct said *said = SAID(command_run, "tocsin");

    cr_expect_eq(said->status, EXIT_USAGE);
    cr_expect_str_eq(said->out, "");
    cr_expect_eq(strncmp(said->err, "usage: tocsin COMMAND", 21), 0, "%s", said->err);
}

Test(commands, help_is_what_was_asked_for)
{
    static const char *const words[] = {"--help", "help"};
    for (size_t i = 0; i < 2; i++) {
        const struct said *said = SAID(command_run, "tocsin", words[i]);
        cr_expect_eq(said->status, 0);
        cr_expect_str_eq(said->err, "");
        cr_expect_not_null(strstr(said->out, "tocsin project add shop"), "with examples");
    }
}

Test(commands, each_command_that_the_help_lists_explains_itself)
{
    static const char *const names[] = {"serve", "issues", "issue", "project",
                                        "send",  "group",  "rules", "check-config"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char listed[64];
        char usage[64];
        snprintf(listed, sizeof(listed), "\n  tocsin %s ", names[i]);
        snprintf(usage, sizeof(usage), "usage: tocsin %s ", names[i]);
        cr_expect_not_null(strstr(SAID(command_run, "tocsin", "--help")->out, listed), "%s",
                           names[i]);
        const struct said *said = SAID(command_run, "tocsin", names[i], "--help");
        cr_expect_eq(said->status, 0, "%s", names[i]);
        cr_expect_eq(strncmp(said->out, usage, strlen(usage)), 0, "%s: %s", names[i], said->out);
    }
}

Test(commands, the_version_is_one_line)
{
    const struct said *said = SAID(command_run, "tocsin", "--version");

    cr_expect_eq(said->status, 0);
    cr_expect_str_eq(said->out, "tocsin " TOCSIN_VERSION "\n");
}

Test(commands, an_unknown_one_is_named)
{
    const struct said *said = SAID(command_run, "tocsin", "isues");

    cr_expect_eq(said->status, EXIT_USAGE);
    cr_expect_str_eq(said->err, "tocsin: no command 'isues'; `tocsin --help` lists them\n");
    cr_expect_str_eq(said->out, "");
}

/* Splits at spaces into at most 8 words. */
static int split(char *text, char *argv[9])
{
    int argc = 0;
    for (char *save = NULL, *word = strtok_r(text, " ", &save); word != NULL && argc < 8;
         word = strtok_r(NULL, " ", &save)) {
        argv[argc++] = word;
    }
    argv[argc] = NULL;
    return argc;
}

static void join(int argc, char **argv, char out[static 128])
{
    out[0] = '\0';
    for (int i = 0; i < argc; i++) {
        size_t used = strlen(out);
        snprintf(out + used, 128 - used, "%s%s", i > 0 ? " " : "", argv[i]);
    }
}

Test(commands, an_option_is_taken_out_wherever_it_stands)
{
    static const struct {
        const char *line;
        const char *value;
        const char *left;
    } cases[] = {
        {"c --data D x", "D", "c x"},
        {"c x --data D", "D", "c x"},
        {"c x --data=D y", "D", "c x y"},
        {"c --data= x", "", "c x"},
        {"c --datadir D", "none", "c --datadir D"},
        {"c x y", "none", "c x y"},
        {"c --data --all", "--all", "c"},
        {"c --data A --data B", "A", "c --data B"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char line[128];
        char left[128];
        char *argv[9];
        const char *value = "none";
        snprintf(line, sizeof(line), "%s", cases[i].line);
        int argc = split(line, argv);
        cr_expect(command_option(&argc, argv, "--data", &value), "%s", cases[i].line);
        join(argc, argv, left);
        cr_expect_str_eq(value, cases[i].value, "%s", cases[i].line);
        cr_expect_str_eq(left, cases[i].left, "%s", cases[i].line);
        cr_expect_null(argv[argc], "%s", cases[i].line);
    }
}

static int need_data(int argc, char **argv)
{
    const char *value = NULL;
    return command_option(&argc, argv, "--data", &value) ? 0 : EXIT_USAGE;
}

Test(commands, an_option_without_its_value_is_told)
{
    const struct said *said = SAID(need_data, "c", "x", "--data");

    cr_expect_eq(said->status, EXIT_USAGE);
    cr_expect_str_eq(said->err, "tocsin: --data needs an argument\n");
}

Test(commands, a_flag_is_taken_out_once)
{
    char line[] = "c --all x --all";
    char left[128];
    char *argv[9];
    int argc = split(line, argv);

    cr_expect(command_flag(&argc, argv, "--all"));

    join(argc, argv, left);
    cr_expect_str_eq(left, "c x --all");
    cr_expect_not(command_flag(&argc, argv, "--al"));
}

static int want_no_more(int argc, char **argv)
{
    return command_no_more_options(argc, argv) ? 0 : EXIT_USAGE;
}

Test(commands, what_is_left_and_looks_like_an_option_is_refused)
{
    cr_expect_eq(SAID(want_no_more, "c", "x", "-")->status, 0, "- is standard input");
    const struct said *said = SAID(want_no_more, "c", "x", "--verbose");
    cr_expect_eq(said->status, EXIT_USAGE);
    cr_expect_str_eq(said->err, "tocsin c: unknown option --verbose; `tocsin c --help`\n");
    cr_expect_eq(SAID(want_no_more, "c", "-v")->status, EXIT_USAGE);
}
