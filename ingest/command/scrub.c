/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/json.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/command/commands.h"
#include "ingest/command/lines.h"
#include "ingest/host/clock.h"
#include "ingest/load.h"
#include "ingest/pipeline.h"
#include <stdio.h>

/* What the lines share: the same pass that a request goes through, without a server. */
struct scrubber {
    struct pipeline *pipeline;
    struct snapshot *snapshot;
    struct arena scratch;
    struct arena keep;
    struct buffer out;
    bool all_well;
};

static void write_fault(struct json *json, unsigned long number, struct fault fault)
{
    json_map(json);
    json_member_integer(json, "line", (int64_t)number);
    json_member_string(json, "error", slice_str(fault.reason));
    if (fault.offset != FAULT_NO_OFFSET) {
        json_member_integer(json, "offset", (int64_t)fault.offset);
    }
    json_map_end(json);
}

static bool scrub_line(void *context, unsigned long number, struct slice line)
{
    struct scrubber *scrubber = context;
    struct outcome outcome;
    struct json json;
    if (slice_trim(line).len == 0) {
        return true;
    }
    const struct record record = {.kind = RECORD_STORE,
                                  .project = 1,
                                  .seed = {{1}},
                                  .received_us = clock_wall_us(),
                                  .body = line};
    struct fault fault = pipeline_run(scrubber->pipeline, scrubber->snapshot, &record,
                                      &scrubber->scratch, &scrubber->keep, &outcome);
    buffer_reset(&scrubber->out);
    json_init(&json, &scrubber->out);
    if (fault_is(fault)) {
        scrubber->all_well = false;
        write_fault(&json, number, fault);
    } else {
        MUST(outcome.event != NULL);
        json_value(&json, outcome.event->root);
    }
    buffer_byte(&scrubber->out, '\n');
    fwrite(scrubber->out.at, 1, scrubber->out.len, stdout);
    arena_reset(&scrubber->scratch);
    arena_reset(&scrubber->keep);
    return true;
}

static void tell(void *context, bool is_warning, struct slice text)
{
    (void)context;
    if (!is_warning) {
        fprintf(stderr, "tocsin: %.*s\n", SLICE_ARG(text));
    }
}

/* The settings of a configuration file; without one the defaults. NULL: they are wrong. */
static struct snapshot *settings_of(const char *config)
{
    if (config == NULL) {
        return snapshot_new();
    }
    const struct options options = {.config = config};
    return load_snapshot(&options, NULL, tell, NULL).snapshot;
}

static void usage(FILE *out)
{
    fputs(
        "usage: tocsin scrub [--config FILE] [FILE]\n\n"
        "Reads one event's JSON a line (FILE, or - or nothing: standard input) and writes it as\n"
        "it would be kept and shown: without passwords, tokens, cards, keys and the like, trimmed\n"
        "to the limits, with `_meta` saying what was taken out. No server is needed.\n\n"
        "  --config FILE  with the `scrub:` settings of this configuration\n\n"
        "Example:\n"
        "  echo '{\"extra\":{\"password\":\"hunter2\"}}' | tocsin scrub\n\n"
        "Exits 1 when a line is no event (its line says why), 78 for a wrong configuration.\n",
        out);
}

int command_scrub(int argc, char **argv)
{
    struct scrubber scrubber = {.all_well = true};
    const char *config = NULL;
    if (command_flag(&argc, argv, "--help")) {
        usage(stdout);
        return 0;
    }
    if (!command_option(&argc, argv, "--config", &config) || !command_no_more_options(argc, argv) ||
        argc > 2) {
        usage(stderr);
        return EXIT_USAGE;
    }
    scrubber.snapshot = settings_of(config);
    if (scrubber.snapshot == NULL) {
        return EXIT_CONFIG;
    }
    scrubber.pipeline = pipeline_new();
    buffer_init(&scrubber.out, 8u * EVENT_BYTES_MAX); /* escapes and notes make it longer */
    MUST(scrubber.pipeline != NULL && arena_init(&scrubber.scratch, SCRATCH_BYTES) &&
         arena_init(&scrubber.keep, JOB_BYTES));
    bool read = lines_read(argc > 1 ? argv[1] : NULL, scrub_line, &scrubber);
    pipeline_free(scrubber.pipeline);
    snapshot_release(scrubber.snapshot);
    arena_done(&scrubber.scratch);
    arena_done(&scrubber.keep);
    buffer_done(&scrubber.out);
    return read && scrubber.all_well ? 0 : 1;
}
