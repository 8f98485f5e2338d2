/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/command/lines.h"
#include "ingest/command/rules_commands.h"
#include "ingest/command/sdk_event.h"
#include "rules/match_lines.h"
#include <stdio.h>

#define OUT_BYTES_MAX (64u << 20)

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
    if (matching->out.len != 0) {
        fwrite(matching->out.at, 1, matching->out.len, stdout);
    }
    return true;
}

static int usage(void)
{
    fprintf(stderr, "usage: tocsin rules match --rules PATH [--any-logsource | --sentry] [FILE]\n"
                    "JSON events, one a line; prints {\"line\":n,\"matches\":[rule ids]} for each\n"
                    "--sentry: SDK events, decoded and normalised as the server does\n");
    return EXIT_USAGE;
}

int rules_command_match(int argc, char **argv)
{
    struct rules_open open;
    struct matching matching = {.all_well = true};
    const char *rules = NULL;
    bool any_logsource = command_flag(&argc, argv, "--any-logsource");
    bool is_sentry = command_flag(&argc, argv, "--sentry");
    if (!command_option(&argc, argv, "--rules", &rules) || !command_no_more_options(argc, argv) ||
        rules == NULL || argc > 2) {
        return usage();
    }
    struct sdk_events *sdk = is_sentry ? sdk_events_new() : NULL;
    buffer_init(&matching.out, OUT_BYTES_MAX);
    rules_open(&open, &rules, 1, false);
    (void)rules_open_complain(&open); /* what loaded is matched */
    matching.lines = match_lines_new(open.set, any_logsource);
    MUST(matching.lines != NULL && (sdk != NULL || !is_sentry));
    if (is_sentry) {
        match_lines_decode(matching.lines, sdk_events_decode, sdk);
    }
    bool read = lines_read(argc > 1 ? argv[1] : NULL, match_line, &matching);
    match_lines_free(matching.lines);
    buffer_done(&matching.out);
    rules_close(&open);
    sdk_events_free(sdk);
    return read && matching.all_well ? 0 : 1;
}
