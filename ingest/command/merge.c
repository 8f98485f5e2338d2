/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/command/client.h"
#include "ingest/command/commands.h"
#include <stdio.h>

#define PATH_BYTES (256u + MERGE_ISSUES_MAX * 24u)

/* The path that merges argv[1..]: all are of the project of the first. */
static bool merge_path(struct client *client, int argc, char **argv, char path[static PATH_BYTES])
{
    const struct value *issue = NULL;
    MUST(argc > 2);
    snprintf(path, PATH_BYTES, "/api/0/issues/%.20s/", argv[1]);
    if (!client_call(client, path, NULL, &issue)) {
        return false;
    }
    struct slice project = value_text_at(value_get(issue, SLICE("project")), "id");
    int used = snprintf(path, PATH_BYTES, "/api/0/projects/tocsin/%.*s/issues/?",
                        SLICE_ARG(slice_head(project, 64)));
    for (int i = 1; i < argc; i++) {
        used += snprintf(path + used, PATH_BYTES - (size_t)used, "%sid=%.20s", i > 1 ? "&" : "",
                         argv[i]);
    }
    return true;
}

int command_merge(int argc, char **argv)
{
    const char *data = NULL;
    const struct value *done = NULL;
    struct client client;
    char path[PATH_BYTES];
    if (!command_option(&argc, argv, "--data", &data) || !command_no_more_options(argc, argv)) {
        return EXIT_USAGE;
    }
    if (argc < 3 || argc > (int)MERGE_ISSUES_MAX + 1) {
        fprintf(stderr, "usage: tocsin merge ID ID... [--data DIR]   makes them one, the first\n"
                        "example: tocsin merge 65 129\n");
        return EXIT_USAGE;
    }
    bool is_well = client_open(&client, data) && merge_path(&client, argc, argv, path) &&
                   client_call(&client, path, "{\"merge\":1}", &done);
    if (is_well) {
        const struct value *merge = value_get(done, SLICE("merge"));
        printf("issue %.*s is one with", SLICE_ARG(value_text_at(merge, "parent")));
        for (const struct value *child = value_first(value_get(merge, SLICE("children")));
             child != NULL; child = child->next) {
            printf(" %.*s", SLICE_ARG(value_text(child)));
        }
        putchar('\n');
    }
    client_close(&client);
    return is_well ? 0 : 1;
}

static void print_hashes(const struct value *list)
{
    printf("%-32s  %8s  %s\n", "HASH", "EVENTS", "ISSUE");
    for (const struct value *one = value_first(list); one != NULL; one = one->next) {
        bool is_merged = value_is(value_get(one, SLICE("merged")), VALUE_TRUE);
        printf("%.*s  %8.*s  %.*s%s\n", SLICE_ARG(value_text_at(one, "id")),
               SLICE_ARG(value_text_at(one, "count")), SLICE_ARG(value_text_at(one, "issue")),
               is_merged ? " (merged)" : "");
    }
}

int command_unmerge(int argc, char **argv)
{
    const char *data = NULL;
    const struct value *done = NULL;
    struct client client;
    char path[160];
    if (!command_option(&argc, argv, "--data", &data) || !command_no_more_options(argc, argv)) {
        return EXIT_USAGE;
    }
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: tocsin unmerge ID [HASH] [--data DIR]   without HASH: lists them\n"
                        "example: tocsin unmerge 65 9c0fd94a8e1e4d6a8e6c9f1b1d1c7a10\n");
        return EXIT_USAGE;
    }
    snprintf(path, sizeof(path), "/api/0/issues/%.20s/hashes/%s%.64s", argv[1],
             argc == 3 ? "?id=" : "", argc == 3 ? argv[2] : "");
    bool is_well =
        client_open(&client, data) &&
        (argc == 3 ? client_delete(&client, path, &done) : client_call(&client, path, NULL, &done));
    if (is_well && argc == 2) {
        print_hashes(done);
    } else if (is_well) {
        printf("issue %.*s stands by itself again\n", SLICE_ARG(value_text_at(done, "id")));
    }
    client_close(&client);
    return is_well ? 0 : 1;
}
