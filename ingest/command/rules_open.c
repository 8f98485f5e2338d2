/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/command/rules_commands.h"
#include <stdio.h>

/* Address space for the problems of any number of files. */
#define WORK_BYTES ((size_t)512 << 20)

void rules_open(struct rules_open *open, const char *const *paths, uint32_t count, bool is_fast)
{
    const struct rules_memory memory = {.makes = is_fast};
    MUST(arena_init(&open->arena, WORK_BYTES));
    problems_init(&open->problems, &open->arena);
    open->set = rules_load_paths(paths, count, &memory, &open->problems);
    MUST(open->set != NULL);
}

void rules_close(struct rules_open *open)
{
    ruleset_free(open->set);
    arena_done(&open->arena);
}

uint32_t rules_open_complain(struct rules_open *open)
{
    for (const struct problem *p = open->problems.first; p != NULL; p = p->next) {
        struct slice text = problem_text(p, &open->arena);
        fprintf(stderr, "%.*s\n", SLICE_ARG(text));
    }
    return open->problems.errors;
}
