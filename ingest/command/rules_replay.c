/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/command/lines.h"
#include "ingest/command/rules_commands.h"
#include "ingest/command/sdk_event.h"
#include "rules/replay_lines.h"
#include <stdio.h>

#define OUT_BYTES_MAX (64u << 20)

struct replaying {
    struct replay_lines *lines;
    struct buffer out;
    bool all_well;
};

static void put(struct replaying *replaying)
{
    if (replaying->out.len != 0) {
        fwrite(replaying->out.at, 1, replaying->out.len, stdout);
    }
    buffer_reset(&replaying->out);
}

static bool replay_line(void *context, unsigned long number, struct slice line)
{
    struct replaying *replaying = context;
    (void)number; /* replay_lines counts too */
    replaying->all_well =
        replay_lines_add(replaying->lines, line, &replaying->out) && replaying->all_well;
    put(replaying);
    return true;
}

static int usage(void)
{
    fprintf(stderr,
            "usage: tocsin rules replay --rules PATH [--any-logsource | --sentry] [FILE]\n"
            "Timestamped events, one a line: {\"ts\":milliseconds,\"event\":{...}}. Prints\n"
            "{\"rule\":name,\"group\":[...],\"ts\":ms,\"line\":n} each time a correlation begins\n"
            "to hold for a group.\n"
            "--any-logsource: rules apply whatever the event's source\n"
            "--sentry: SDK events, decoded and normalised as the server does\n"
            "example: tocsin rules replay --rules rules/ --any-logsource logins.ndjson\n");
    return EXIT_USAGE;
}

int rules_command_replay(int argc, char **argv)
{
    struct rules_open open;
    struct replaying replaying = {.all_well = true};
    const char *rules = NULL;
    bool any_logsource = command_flag(&argc, argv, "--any-logsource");
    bool is_sentry = command_flag(&argc, argv, "--sentry");
    if (!command_option(&argc, argv, "--rules", &rules) || !command_no_more_options(argc, argv) ||
        rules == NULL || argc > 2) {
        return usage();
    }
    struct sdk_events *sdk = is_sentry ? sdk_events_new() : NULL;
    buffer_init(&replaying.out, OUT_BYTES_MAX);
    rules_open(&open, &rules, 1, false);
    (void)rules_open_complain(&open); /* what loaded is replayed */
    replaying.lines = replay_lines_new(open.set, any_logsource);
    MUST(replaying.lines != NULL && (sdk != NULL || !is_sentry));
    if (is_sentry) {
        replay_lines_decode(replaying.lines, sdk_events_decode, sdk);
    }
    bool read = lines_read(argc > 1 ? argv[1] : NULL, replay_line, &replaying);
    replay_lines_end(replaying.lines, &replaying.out);
    put(&replaying);
    replay_lines_free(replaying.lines);
    buffer_done(&replaying.out);
    rules_close(&open);
    sdk_events_free(sdk);
    return read && replaying.all_well ? 0 : 1;
}
