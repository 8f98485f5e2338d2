/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/commands.h"
#include "ingest/load.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

static void tell(void *context, bool is_warning, struct slice text)
{
    (void)context;
    (void)is_warning; /* the text says so */
    fprintf(stderr, "%.*s\n", SLICE_ARG(text));
}

int command_check_config(int argc, char **argv)
{
    struct options options = {0};
    char path[PATH_MAX];
    if (!command_no_more_options(argc, argv) || argc != 2) {
        fprintf(stderr, "usage: tocsin check-config FILE\n");
        return EXIT_USAGE;
    }
    if (realpath(argv[1], path) == NULL) {
        fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
        return EXIT_CONFIG;
    }
    options.config = path;
    struct loaded loaded = load_snapshot(&options, NULL, tell, NULL);
    bool good = loaded.snapshot != NULL && loaded.errors == 0;
    if (good) {
        printf("%s is fine: %u receivers, %u rules\n", argv[1],
               alerting_config_receiver_count(loaded.snapshot->alerts),
               loaded.snapshot->rules != NULL ? ruleset_count(loaded.snapshot->rules) : 0);
    }
    snapshot_release(loaded.snapshot);
    return good ? 0 : EXIT_CONFIG;
}
