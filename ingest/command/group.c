/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/json.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/command/commands.h"
#include "ingest/command/lines.h"
#include "ingest/host/clock.h"
#include "ingest/pipeline.h"
#include <stdio.h>

/* What the lines share: the same pass that a request goes through, without a server. */
struct group_run {
    struct pipeline *pipeline;
    struct snapshot *snapshot;
    struct arena scratch;
    struct arena keep;
    struct buffer out;
    bool all_well;
};

static void write_group(struct json *json, const struct outcome *outcome)
{
    const struct effect *effect = outcome->effects;
    char hex[ID_HEX_BYTES + 1];
    id_format(effect->event, hex);
    json_member_string(json, "event_id", slice_str(hex));
    json_key(json, "hashes");
    json_list(json);
    for (uint32_t i = 0; i < effect->hash_count; i++) {
        id_format(effect->hashes[i], hex);
        json_string(json, slice_str(hex));
    }
    json_list_end(json);
    json_member_string(json, "title", effect->title);
    json_member_string(json, "culprit", effect->culprit);
}

static void write_fault(struct json *json, struct fault fault)
{
    json_member_string(json, "error", slice_str(fault.reason));
    if (fault.offset != FAULT_NO_OFFSET) {
        json_member_integer(json, "offset", (int64_t)fault.offset);
    }
}

static bool group_line(void *context, unsigned long number, struct slice line)
{
    struct group_run *grouping = context;
    struct outcome outcome;
    struct json json;
    if (slice_trim(line).len == 0) {
        return true;
    }
    const struct record record = {.kind = RECORD_STORE,
                                  .project = 1,
                                  .seed = {{1}}, /* events without an id all get this one */
                                  .received_us = clock_wall_us(),
                                  .body = line};
    struct fault fault = pipeline_run(grouping->pipeline, grouping->snapshot, &record,
                                      &grouping->scratch, &grouping->keep, &outcome);
    buffer_reset(&grouping->out);
    json_init(&json, &grouping->out);
    json_map(&json);
    json_member_integer(&json, "line", (int64_t)number);
    if (fault_is(fault)) {
        grouping->all_well = false;
        write_fault(&json, fault);
    } else {
        MUST(outcome.effects != NULL);
        write_group(&json, &outcome);
    }
    json_map_end(&json);
    buffer_byte(&grouping->out, '\n');
    fwrite(grouping->out.at, 1, grouping->out.len, stdout);
    arena_reset(&grouping->scratch);
    arena_reset(&grouping->keep);
    return true;
}

int command_group(int argc, char **argv)
{
    struct group_run grouping = {.all_well = true};
    if (!command_no_more_options(argc, argv) || argc > 2) {
        fprintf(stderr, "usage: tocsin group [FILE]     one event's JSON a line; - or nothing: "
                        "standard input\n");
        return EXIT_USAGE;
    }
    grouping.pipeline = pipeline_new();
    grouping.snapshot = snapshot_new();
    buffer_init(&grouping.out, 1u << 20);
    MUST(grouping.pipeline != NULL && grouping.snapshot != NULL &&
         arena_init(&grouping.scratch, SCRATCH_BYTES) && arena_init(&grouping.keep, JOB_BYTES));
    bool read = lines_read(argc > 1 ? argv[1] : NULL, group_line, &grouping);
    pipeline_free(grouping.pipeline);
    snapshot_release(grouping.snapshot);
    arena_done(&grouping.scratch);
    arena_done(&grouping.keep);
    buffer_done(&grouping.out);
    return read && grouping.all_well ? 0 : 1;
}
