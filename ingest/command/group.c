/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/json.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/command/client.h"
#include "ingest/command/commands.h"
#include "ingest/command/explain.h"
#include "ingest/command/lines.h"
#include "ingest/host/clock.h"
#include "ingest/host/file.h"
#include "ingest/pipeline.h"
#include <errno.h>
#include <stdio.h>

/* The project that lines are of: rules given here are for all. */
#define PROJECT 1u

/* What the lines share: the same pass that a request goes through, without a server. */
struct group_run {
    struct pipeline *pipeline;
    struct snapshot *snapshot;
    struct grouping_entry own;
    struct arena scratch;
    struct arena keep;
    struct buffer out;
    struct buffer why; /* the explanation, as JSON */
    bool explains;
    bool as_json;
    bool all_well;
};

struct wishes {
    const char *file;
    const char *event; /* PROJECT/ID: of a running server */
    const char *data;
    const char *fingerprint_rules;
    const char *stack_rules;
    bool explains;
    bool as_json;
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

/* Runs the pass over `line`; its explanation, when asked for, is then in `why`. */
static struct fault run_line(struct group_run *lines, struct slice line, struct outcome *outcome)
{
    struct json json;
    const struct record record = {.kind = RECORD_STORE,
                                  .project = PROJECT,
                                  .seed = {{1}}, /* events without an id all get this one */
                                  .received_us = clock_wall_us(),
                                  .body = line};
    buffer_reset(&lines->why);
    json_init(&json, &lines->why);
    pipeline_explain(lines->pipeline, lines->explains ? &json : NULL);
    return pipeline_run(lines->pipeline, lines->snapshot, &record, &lines->scratch, &lines->keep,
                        outcome);
}

/* The tree of the explanation; NULL when it does not fit. */
static const struct value *explanation(struct group_run *lines)
{
    struct value *tree = NULL;
    struct fault fault = value_parse_json(&lines->scratch, buffer_slice(&lines->why), &tree);
    return fault_is(fault) ? NULL : tree;
}

static void print_tree(struct group_run *lines, unsigned long number, const struct outcome *outcome)
{
    const struct value *tree = explanation(lines);
    printf("line %lu: %.*s\n", number, SLICE_ARG(outcome->effects->title));
    if (tree != NULL) {
        explain_print(tree);
    }
}

static void print_json(struct group_run *lines, unsigned long number, struct fault fault,
                       const struct outcome *outcome)
{
    struct json json;
    buffer_reset(&lines->out);
    json_init(&json, &lines->out);
    json_map(&json);
    json_member_integer(&json, "line", (int64_t)number);
    if (fault_is(fault)) {
        write_fault(&json, fault);
    } else {
        write_group(&json, outcome);
    }
    const struct value *tree = lines->explains && !fault_is(fault) ? explanation(lines) : NULL;
    if (tree != NULL) {
        json_key(&json, "explanation");
        json_value(&json, tree);
    }
    json_map_end(&json);
    buffer_byte(&lines->out, '\n');
    fwrite(lines->out.at, 1, lines->out.len, stdout);
}

static bool group_line(void *context, unsigned long number, struct slice line)
{
    struct group_run *lines = context;
    struct outcome outcome;
    if (slice_trim(line).len == 0) {
        return true;
    }
    struct fault fault = run_line(lines, line, &outcome);
    lines->all_well &= !fault_is(fault);
    MUST(fault_is(fault) || outcome.effects != NULL);
    if (lines->explains && !lines->as_json && !fault_is(fault)) {
        print_tree(lines, number, &outcome);
    } else {
        print_json(lines, number, fault, &outcome);
    }
    arena_reset(&lines->scratch);
    arena_reset(&lines->keep);
    return true;
}

/* ---- rules given on the command line ---- */

/* Reads the file of rules; false prints why not. */
static bool read_rules(struct group_run *lines, const char *path, bool is_stack,
                       struct problems *problems)
{
    struct slice text;
    struct arena *arena = &lines->snapshot->arena;
    struct fault fault = file_read(arena, path, GROUPING_RULES_BYTES_MAX, &text);
    if (fault_is(fault)) {
        fprintf(stderr, "tocsin group: %s: %s\n", path,
                fault.kind == FAULT_TOO_BIG ? fault.reason : strerror(errno));
        return false;
    }
    if (is_stack) {
        lines->own.stack = stack_config_parse(arena, text, slice_str(path), problems);
        return lines->own.stack != NULL;
    }
    lines->own.fingerprints = fingerprint_rules_parse(arena, text, slice_str(path), problems);
    return lines->own.fingerprints != NULL;
}

static bool take_rules(struct group_run *lines, const struct wishes *wishes)
{
    struct problems problems;
    bool is_well = true;
    problems_init(&problems, &lines->scratch);
    if (wishes->stack_rules != NULL) {
        is_well &= read_rules(lines, wishes->stack_rules, true, &problems);
    }
    if (wishes->fingerprint_rules != NULL) {
        is_well &= read_rules(lines, wishes->fingerprint_rules, false, &problems);
    }
    for (const struct problem *at = problems.first; at != NULL; at = at->next) {
        struct slice text = problem_text(at, &lines->scratch);
        fprintf(stderr, "%.*s\n", SLICE_ARG(text));
    }
    lines->snapshot->grouping = (struct grouping){&lines->own, 1};
    arena_reset(&lines->scratch);
    return is_well;
}

/* ---- the command ---- */

static int group_lines(const struct wishes *wishes)
{
    struct group_run lines = {
        .all_well = true, .explains = wishes->explains, .as_json = wishes->as_json};
    lines.pipeline = pipeline_new();
    lines.snapshot = snapshot_new();
    buffer_init(&lines.out, 16u << 20);
    buffer_init(&lines.why, 8u << 20);
    MUST(lines.pipeline != NULL && lines.snapshot != NULL &&
         arena_init(&lines.scratch, SCRATCH_BYTES) && arena_init(&lines.keep, JOB_BYTES));
    int status = EXIT_CONFIG;
    if (take_rules(&lines, wishes)) {
        bool read = lines_read(wishes->file, group_line, &lines);
        status = read && lines.all_well ? 0 : 1;
    }
    pipeline_free(lines.pipeline);
    snapshot_release(lines.snapshot);
    arena_done(&lines.scratch);
    arena_done(&lines.keep);
    buffer_done(&lines.out);
    buffer_done(&lines.why);
    return status;
}

/* Asks a running server about an event that it has. */
static int explain_event(const struct wishes *wishes)
{
    struct client client;
    const struct value *tree = NULL;
    char path[256];
    struct slice event = slice_str(wishes->event);
    size_t slash = slice_find(event, '/');
    snprintf(path, sizeof(path), "/api/0/projects/tocsin/%.*s/events/%.*s/grouping-info/",
             SLICE_ARG(slice_head(slice_head(event, slash), 64)),
             SLICE_ARG(slice_head(slice_from(event, slash + 1), 64)));
    bool is_well = client_open(&client, wishes->data) && client_call(&client, path, NULL, &tree);
    if (is_well && wishes->as_json) {
        printf("%.*s\n", SLICE_ARG(buffer_slice(&client.answer)));
    } else if (is_well) {
        explain_print(tree);
    }
    client_close(&client);
    return is_well ? 0 : 1;
}

int command_group(int argc, char **argv)
{
    struct wishes wishes = {.explains = command_flag(&argc, argv, "--explain"),
                            .as_json = command_flag(&argc, argv, "--json")};
    bool is_well = command_option(&argc, argv, "--event", &wishes.event) &&
                   command_option(&argc, argv, "--data", &wishes.data) &&
                   command_option(&argc, argv, "--fingerprint-rules", &wishes.fingerprint_rules) &&
                   command_option(&argc, argv, "--stack-rules", &wishes.stack_rules) &&
                   command_no_more_options(argc, argv);
    bool is_odd = (wishes.event != NULL && argc > 1) || (wishes.as_json && !wishes.explains);
    if (!is_well || argc > 2 || is_odd) {
        fprintf(stderr,
                "usage: tocsin group [FILE] [--explain [--json]] [--fingerprint-rules FILE]\n"
                "                    [--stack-rules FILE]\n"
                "                    one event's JSON a line; - or nothing: standard input\n"
                "       tocsin group --explain [--json] --event PROJECT/ID [--data DIR]\n"
                "                    an event that a running server has\n"
                "example: tocsin group --explain --event shop/fc6d8c0c43fc4630ad850ee518f1b9d0\n");
        return EXIT_USAGE;
    }
    wishes.file = argc > 1 ? argv[1] : NULL;
    return wishes.event != NULL ? explain_event(&wishes) : group_lines(&wishes);
}
