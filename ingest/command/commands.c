/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/commands.h"
#include "ingest/symbols/symbol_worker.h"
#include <stdio.h>

static const struct command rows[] = {
    {"serve", "[OPTION...]                     take events (`tocsin serve --help`)", command_serve},
    {"issues", "[PROJECT] [--all]               list what is broken", command_issues},
    {"issue", "ID [resolve|ignore|reopen]      one issue with its latest event", command_issue},
    {"project",
     "add NAME | list | set NAME KEY JSON   who may send, and what; add prints the new DSN",
     command_project},
    {"outcomes",
     "[PROJECT] [--hours N]         what became of all that was sent "
     "(`tocsin outcomes shop --hours 168`)",
     command_outcomes},
    {"send", "[MESSAGE]                       send a test event", command_send},
    {"scrub", "[--config FILE] [FILE]          event JSON lines without their secrets, offline",
     command_scrub},
    {"merge", "ID ID...                        make issues one, the first", command_merge},
    {"unmerge", "ID [HASH]                       take a part of one out again; lists its hashes",
     command_unmerge},
    {"group",
     "[FILE] [--explain [--json]]     how event JSON lines would be grouped, offline; or "
     "--explain --event PROJECT/ID",
     command_group},
    {"rules", "check PATH... | match --rules PATH [FILE]   Sigma rules, offline", command_rules},
    {"symbols", "upload FILE... | list | remove BUILD-ID   debug files of native programs",
     command_symbols},
    {"check-config", "FILE                     is it right? exit 78 when not",
     command_check_config},
    {SYMBOL_WORKER_COMMAND, NULL, command_symbolise_worker},
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

static void usage(FILE *out)
{
    fputs("usage: tocsin COMMAND [ARGUMENT...]\n\n", out);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].usage != NULL) {
            fprintf(out, "  tocsin %s %s\n", rows[i].name, rows[i].usage);
        }
    }
    fputs("\nCommands that ask a running server find it by its data folder: --data DIR (default "
          "./data).\nEach command knows --help.\n"
          "\nExamples:\n"
          "  tocsin serve --data /var/lib/tocsin\n"
          "  tocsin issues --data /var/lib/tocsin\n"
          "  tocsin issue 65 resolve\n"
          "  tocsin project add shop\n",
          out);
}

int command_run(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "--help";
    if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
        usage(argc > 1 ? stdout : stderr);
        return argc > 1 ? 0 : EXIT_USAGE;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "version") == 0) {
        puts("tocsin " TOCSIN_VERSION);
        return 0;
    }
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (strcmp(name, rows[i].name) == 0) {
            int count = argc - 1;
            bool has_manual = rows[i].run == command_serve || rows[i].run == command_scrub ||
                              rows[i].run == command_symbols || rows[i].usage == NULL;
            if (!has_manual && command_flag(&count, argv + 1, "--help")) {
                printf("usage: tocsin %s %s\n", rows[i].name, rows[i].usage);
                return 0;
            }
            return rows[i].run(count, argv + 1);
        }
    }
    fprintf(stderr, "tocsin: no command '%s'; `tocsin --help` lists them\n", name);
    return EXIT_USAGE;
}

static void remove_at(int *argc, char **argv, int at, int count)
{
    for (int i = at; i + count <= *argc; i++) { /* argv[*argc] is NULL and moves too */
        argv[i] = argv[i + count];
    }
    *argc -= count;
}

bool command_option(int *argc, char **argv, const char *name, const char **value)
{
    size_t length = strlen(name);
    for (int i = 1; i < *argc; i++) {
        if (strncmp(argv[i], name, length) != 0) {
            continue;
        }
        if (argv[i][length] == '=') {
            *value = argv[i] + length + 1;
            remove_at(argc, argv, i, 1);
            return true;
        }
        if (argv[i][length] == '\0') {
            if (argv[i + 1] == NULL) {
                fprintf(stderr, "tocsin: %s needs an argument\n", name);
                return false;
            }
            *value = argv[i + 1];
            remove_at(argc, argv, i, 2);
            return true;
        }
    }
    return true;
}

bool command_flag(int *argc, char **argv, const char *name)
{
    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], name) == 0) {
            remove_at(argc, argv, i, 1);
            return true;
        }
    }
    return false;
}

bool command_no_more_options(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (argv[i][0] == '-' && argv[i][1] != '\0') {
            fprintf(stderr, "tocsin %s: unknown option %s; `tocsin %s --help`\n", argv[0], argv[i],
                    argv[0]);
            return false;
        }
    }
    return true;
}
