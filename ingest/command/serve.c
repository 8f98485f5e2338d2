/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/commands.h"
#include "ingest/parent.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

/* The server works from the data folder: paths are made absolute while we are still where the
 * person is. */
static bool absolute(const char **path, char *full)
{
    if (*path == NULL) {
        return true;
    }
    if (realpath(*path, full) == NULL) {
        fprintf(stderr, "tocsin: %s: %s\n", *path, strerror(errno));
        return false;
    }
    *path = full;
    return true;
}

int command_serve(int argc, char **argv)
{
    struct options options;
    char problem[512];
    if (!options_parse(&options, argc, argv, problem, sizeof(problem))) {
        fprintf(stderr, "tocsin: %s\n", problem);
        return EXIT_USAGE;
    }
    if (options.help) {
        options_help(stdout);
        return 0;
    }
    char paths[3 + 2 * LISTEN_MAX][PATH_MAX];
    bool found = absolute(&options.config, paths[0]) && absolute(&options.tls_cert, paths[1]) &&
                 absolute(&options.tls_key, paths[2]);
    for (unsigned i = 0; i < options.rules_count; i++) {
        found = found && absolute(&options.rules[i], paths[3 + i]);
    }
    for (unsigned i = 0; i < options.geoip_count; i++) {
        found = found && absolute(&options.geoip[i], paths[3 + LISTEN_MAX + i]);
    }
    return found ? parent_run(&options) : EXIT_CONFIG;
}
