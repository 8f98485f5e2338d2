/* SPDX-License-Identifier: Apache-2.0 */
/* commands — the words after `tocsin`. One file and one row (commands.c) each.
 *
 * Exit statuses: 0 well, 1 it did not work, 2 a question with the answer "no", 64 the command line
 * was wrong, 78 the configuration was wrong (sysexits.h). What scripts read goes to standard
 * output, what people read about problems to standard error.
 */
#pragma once
#include "ingest/base/slice.h"

#define EXIT_USAGE  64
#define EXIT_CONFIG 78

/* argv[0] is the command's own name. */
typedef int command_fn(int argc, char **argv);

struct command {
    const char *name;
    const char *usage; /* arguments, and what it does; NULL: not for people */
    command_fn *run;
};

command_fn command_serve;        /* serve.c */
command_fn command_scrub;        /* scrub.c */
command_fn command_project;      /* project.c */
command_fn command_issues;       /* issues.c */
command_fn command_issue;        /* issues.c */
command_fn command_outcomes;     /* outcomes.c */
command_fn command_send;         /* send.c */
command_fn command_group;        /* group.c */
command_fn command_symbols;      /* symbols.c */
command_fn command_merge;        /* merge.c */
command_fn command_unmerge;      /* merge.c */
command_fn command_rules;        /* rules.c */
command_fn command_check_config; /* check_config.c */

command_fn command_symbolise_worker; /* symbols.c */

/* Finds and runs; gives the exit status. */
int command_run(int argc, char **argv);

/* Looks for `--name VALUE` or `--name=VALUE` in argv and takes it out; `*value` is untouched when
 * it is not there. False when its value is missing. */
bool command_option(int *argc, char **argv, const char *name, const char **value);

/* Takes the flag out; true when it was there. */
bool command_flag(int *argc, char **argv, const char *name);

/* Complains of what is left, if anything looks like an option; gives false then. */
bool command_no_more_options(int argc, char **argv);
