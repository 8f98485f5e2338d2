/* SPDX-License-Identifier: Apache-2.0 */
/* rules_commands — the words after `tocsin rules`: one file and one row (rules.c) each, as
 * commands.h has it for all. argv[0] is the word itself. */
#pragma once
#include "ingest/command/commands.h"
#include "rules/rules.h"

command_fn rules_command_backtest; /* rules_backtest.c */
command_fn rules_command_bench;    /* rules_bench.c */
command_fn rules_command_check;    /* rules_check.c */
command_fn rules_command_explain;  /* rules_explain.c */
command_fn rules_command_match;    /* rules_match.c */
command_fn rules_command_replay;   /* rules_replay.c */
command_fn rules_command_top;      /* rules_top.c */
command_fn rules_command_test;     /* rules_test.c */

/* Rules and the problems of loading them, for a command that runs once. */
struct rules_open {
    struct arena arena;
    struct problems problems;
    struct ruleset *set;
};

/* Loads the rules of files and folders; the caller closes. `is_fast`: for many events, which takes
 * seconds of a large pack; the answers are the same. */
void rules_open(struct rules_open *open, const char *const *paths, uint32_t count, bool is_fast);
void rules_close(struct rules_open *open);

/* Problems to standard error, a line each; gives how many are errors. */
uint32_t rules_open_complain(struct rules_open *open);
