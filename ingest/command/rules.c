/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/command/commands.h"
#include "ingest/command/lines.h"
#include "rules/check.h"
#include "rules/match_lines.h"
#include <stdio.h>

/* Address space for the problems of any number of files. */
#define WORK_BYTES    ((size_t)512 << 20)
#define OUT_BYTES_MAX (64u << 20)

static int usage(void)
{
    fprintf(stderr, "usage: tocsin rules check PATH...\n"
                    "       tocsin rules match --rules PATH [--any-logsource] [FILE]\n\n"
                    "check: errors and warnings with their places; exit 0 without errors, else 1\n"
                    "match: JSON events, one a line; prints {\"line\":n,\"matches\":[rule ids]}\n");
    return EXIT_USAGE;
}

static int check(int argc, char **argv)
{
    struct arena arena;
    struct problems problems;
    struct buffer out;
    MUST(arena_init(&arena, WORK_BYTES));
    problems_init(&problems, &arena);
    buffer_init(&out, OUT_BYTES_MAX);
    struct ruleset *set =
        rules_load_paths((const char *const *)(argv + 2), (uint32_t)(argc - 2), &problems);
    MUST(set != NULL);
    int status = rules_check_text(set, &problems, &out);
    fwrite(out.at, 1, out.len, stdout);
    buffer_done(&out);
    ruleset_free(set);
    arena_done(&arena);
    return status;
}

struct matching {
    struct match_lines *lines;
    struct buffer out;
    bool all_well;
};

static bool match_line(void *context, unsigned long number, struct slice line)
{
    struct matching *matching = context;
    (void)number; /* match_lines counts too */
    buffer_reset(&matching->out);
    matching->all_well =
        match_lines_add(matching->lines, line, &matching->out) && matching->all_well;
    fwrite(matching->out.at, 1, matching->out.len, stdout);
    return true;
}

static int match(const char *path, bool any_logsource, const char *file)
{
    struct arena arena;
    struct problems problems;
    struct matching matching = {.all_well = true};
    MUST(arena_init(&arena, WORK_BYTES));
    problems_init(&problems, &arena);
    buffer_init(&matching.out, OUT_BYTES_MAX);
    struct ruleset *set = rules_load_paths(&path, 1, &problems);
    MUST(set != NULL);
    for (const struct problem *p = problems.first; p != NULL; p = p->next) {
        struct slice text = problem_text(p, &arena);
        fprintf(stderr, "%.*s\n", SLICE_ARG(text));
    }
    matching.lines = match_lines_new(set, any_logsource);
    MUST(matching.lines != NULL);
    bool read = lines_read(file, match_line, &matching);
    match_lines_free(matching.lines);
    buffer_done(&matching.out);
    ruleset_free(set);
    arena_done(&arena);
    return read && matching.all_well ? 0 : 1;
}

int command_rules(int argc, char **argv)
{
    const char *rules = NULL;
    bool any_logsource = command_flag(&argc, argv, "--any-logsource");
    if (!command_option(&argc, argv, "--rules", &rules) || !command_no_more_options(argc, argv) ||
        argc < 2) {
        return usage();
    }
    if (strcmp(argv[1], "check") == 0 && argc > 2) {
        return check(argc, argv);
    }
    if (strcmp(argv[1], "match") == 0 && rules != NULL && argc <= 3) {
        return match(rules, any_logsource, argc == 3 ? argv[2] : NULL);
    }
    return usage();
}
