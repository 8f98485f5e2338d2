/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/rules_commands.h"
#include "rules/check.h"
#include <stdio.h>

#define OUT_BYTES_MAX (64u << 20)

int rules_command_check(int argc, char **argv)
{
    struct rules_open open;
    struct buffer out;
    if (!command_no_more_options(argc, argv) || argc < 2) {
        fprintf(stderr, "usage: tocsin rules check PATH...\n");
        return EXIT_USAGE;
    }
    buffer_init(&out, OUT_BYTES_MAX);
    rules_open(&open, (const char *const *)(argv + 1), (uint32_t)(argc - 1), false);
    int status = rules_check_text(open.set, &open.problems, &out);
    fwrite(out.at, 1, out.len, stdout);
    buffer_done(&out);
    rules_close(&open);
    return status;
}
