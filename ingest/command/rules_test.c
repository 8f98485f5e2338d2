/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/command/rules_commands.h"
#include "ingest/command/sdk_event.h"
#include "rules/rule_test.h"
#include <stdio.h>

#define OUT_BYTES_MAX (64u << 20)

struct run {
    struct rules_open open;
    struct rule_tests tests;
    struct arena event;
    struct buffer out;
    bool all_well;
    uint32_t files;
};

/* A file of tests stands for the folder it is in: its rules are there. */
static const char *folder_of_tests(struct arena *arena, const char *path)
{
    struct slice text = slice_str(path);
    if (!rules_is_test_file(path)) {
        return path;
    }
    while (text.len != 0 && text.at[text.len - 1] != '/') {
        text.len--;
    }
    return text.len == 0 ? "./" : arena_str(arena, text);
}

/* The paths to load rules from, each once. */
static uint32_t rule_paths(struct arena *arena, char **argv, uint32_t count, const char **out)
{
    uint32_t used = 0;
    for (uint32_t i = 0; i < count; i++) {
        const char *path = folder_of_tests(arena, argv[i]);
        uint32_t at = 0;
        while (at < used && strcmp(out[at], path) != 0) {
            at++;
        }
        out[at] = path;
        used += at == used;
    }
    return used;
}

static void run_file(void *context, const struct rules_source *source)
{
    struct run *run = context;
    struct rule_test_file file;
    struct arena arena;
    MUST(arena_init(&arena, RULES_LOAD_BYTES));
    buffer_reset(&run->out);
    run->files++;
    run->all_well = rule_test_read(&arena, source, &run->open.problems, &file) &&
                    rule_tests_run(&run->tests, &file) && run->all_well;
    if (run->out.len != 0) {
        fwrite(run->out.at, 1, run->out.len, stdout);
    }
    fflush(stdout);
    arena_done(&arena);
}

static int report(struct run *run)
{
    uint32_t errors = rules_open_complain(&run->open);
    uint32_t untested = rule_tests_untested(&run->tests);
    printf("%u file%s, %u tests, %u passed, %u failed", run->files, run->files == 1 ? "" : "s",
           run->tests.passed + run->tests.failed, run->tests.passed, run->tests.failed);
    if (untested != 0) {
        printf("; %u of %u rules have no test", untested, rule_tests_rules(&run->tests));
    }
    printf("\n");
    if (run->files == 0) {
        fprintf(stderr, "tocsin: there is no *.test.yml\n");
    }
    return run->all_well && errors == 0 && run->files != 0 ? 0 : 1;
}

int rules_command_test(int argc, char **argv)
{
    struct run run = {.all_well = true};
    struct arena paths;
    if (!command_no_more_options(argc, argv) || argc < 2) {
        fprintf(stderr, "usage: tocsin rules test PATH...\n"
                        "runs the *.test.yml of files and folders; exit 0 when all pass, else 1\n"
                        "example: tocsin rules test rules/packs\n");
        return EXIT_USAGE;
    }
    MUST(arena_init(&paths, RULES_LOAD_BYTES) && arena_init(&run.event, SCRATCH_BYTES));
    const char **from = ARENA_ARRAY(&paths, (size_t)argc, const char *);
    MUST(from != NULL);
    uint32_t count = rule_paths(&paths, argv + 1, (uint32_t)(argc - 1), from);
    rules_open(&run.open, from, count, false);
    buffer_init(&run.out, OUT_BYTES_MAX);
    run.tests = (struct rule_tests){.set = run.open.set,
                                    .scratch = rules_scratch_new(run.open.set),
                                    .arena = &run.event,
                                    .decode = sdk_events_decode,
                                    .context = sdk_events_new(),
                                    .out = &run.out};
    MUST(run.tests.scratch != NULL && run.tests.context != NULL &&
         rule_tests_init(&run.tests, &paths));
    rules_read_tests((const char *const *)(argv + 1), (uint32_t)(argc - 1), &run.open.problems,
                     run_file, &run);
    int status = report(&run);
    sdk_events_free(run.tests.context);
    rules_scratch_free(run.tests.scratch);
    buffer_done(&run.out);
    rules_close(&run.open);
    arena_done(&run.event);
    arena_done(&paths);
    return status;
}
