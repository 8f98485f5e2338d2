/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/command/client.h"
#include "ingest/command/commands.h"
#include <stdio.h>

static void print(const struct value *answer)
{
    const struct value *groups = value_get(answer, SLICE("groups"));
    printf("since %.*s\n", SLICE_ARG(value_text_at(answer, "start")));
    if (value_first(groups) == NULL) {
        puts("nothing was sent");
        return;
    }
    printf("%12s  %-14s  %-14s  %s\n", "QUANTITY", "OUTCOME", "CATEGORY", "REASON");
    for (const struct value *group = value_first(groups); group != NULL; group = group->next) {
        const struct value *by = value_get(group, SLICE("by"));
        struct slice total = value_text_at(value_get(group, SLICE("totals")), "sum(quantity)");
        printf("%12.*s  %-14.*s  %-14.*s  %.*s\n", SLICE_ARG(total),
               SLICE_ARG(value_text_at(by, "outcome")), SLICE_ARG(value_text_at(by, "category")),
               SLICE_ARG(value_text_at(by, "reason")));
    }
}

int command_outcomes(int argc, char **argv)
{
    const char *data = NULL;
    const char *hours = "24";
    const struct value *answer = NULL;
    struct client client;
    char path[256];
    if (!command_option(&argc, argv, "--data", &data) ||
        !command_option(&argc, argv, "--hours", &hours) || !command_no_more_options(argc, argv)) {
        return EXIT_USAGE;
    }
    snprintf(path, sizeof(path), "/api/0/projects/tocsin/%.100s/outcomes/?hours=%.20s",
             argc > 1 ? argv[1] : "1", hours);
    bool done = client_open(&client, data) && client_call(&client, path, NULL, &answer);
    if (done) {
        print(answer);
    }
    client_close(&client);
    return done ? 0 : 1;
}
