/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/rules_commands.h"
#include <stdio.h>

static const struct command rows[] = {
    {"check",
     "PATH...                             errors and warnings; exit 0 without errors, "
     "else 1",
     rules_command_check},
    {"match", "--rules PATH [--any-logsource] [FILE]   JSON events in, ids of matching rules out",
     rules_command_match},
    {"replay", "--rules PATH [--any-logsource] [FILE]  timed events in, what correlations fire out",
     rules_command_replay},
    {"explain", "RULE EVENT                          why a rule holds for an event, or why not",
     rules_command_explain},
    {"test", "PATH...                              run the *.test.yml beside rules",
     rules_command_test},
    {"top", "[--sort time|matched] [--dead]          what the rules of a running server cost",
     rules_command_top},
    {"backtest", "--rules PATH [--since 7d]          what rules would have found in the journal",
     rules_command_backtest},
    {"bench", "--rules PATH [--sentry] FILE        events/s, ns/event, candidates, matches",
     rules_command_bench},
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

int command_rules(int argc, char **argv)
{
    for (size_t i = 0; i < ROW_COUNT && argc > 1; i++) {
        if (strcmp(argv[1], rows[i].name) == 0) {
            return rows[i].run(argc - 1, argv + 1);
        }
    }
    fputs("usage: tocsin rules WORD [ARGUMENT...]\n\n", stderr);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        fprintf(stderr, "  tocsin rules %s %s\n", rows[i].name, rows[i].usage);
    }
    return EXIT_USAGE;
}
