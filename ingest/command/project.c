/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/command/client.h"
#include "ingest/command/commands.h"
#include "ingest/host/random.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define LOAD_POLLS 150 /* of 20 ms: how long we wait for the server to know the project */

/* The DSN as the running server would print it: it knows how it is reached. */
static bool dsn_of(const struct value *projects, struct slice slug, struct slice *out)
{
    const struct value *project = value_first(projects);
    for (; project != NULL; project = project->next) {
        if (slice_eq(value_string(value_get(project, SLICE("slug"))), slug)) {
            const struct value *key = value_first(value_get(project, SLICE("keys")));
            *out = value_string(value_get(value_get(key, SLICE("dsn")), SLICE("public")));
            return out->len != 0;
        }
    }
    return false;
}

/* Waits until the server takes events for it: a script may send at once. */
static bool wait_for(struct client *client, const char *slug, struct slice *dsn)
{
    const struct timespec pause = {.tv_nsec = 20000000L};
    for (int i = 0; i < LOAD_POLLS; i++) {
        const struct value *projects = NULL;
        arena_reset(&client->arena);
        if (!client_call(client, "/api/0/projects/", NULL, &projects)) {
            return false;
        }
        if (dsn_of(projects, slice_str(slug), dsn)) {
            return true;
        }
        (void)nanosleep(&pause, NULL);
    }
    fprintf(stderr, "tocsin: the project was added, but the server has not read it yet\n");
    return false;
}

/* What is done to the list of projects; `words` are the command's arguments. */
typedef struct fault change_fn(struct arena *arena, const struct projects *old, char **words,
                               struct projects *out);

static struct fault add_one(struct arena *arena, const struct projects *old, char **words,
                            struct projects *out)
{
    return projects_add(arena, old, slice_str(words[0]), random_id(), out);
}

static struct fault set_one(struct arena *arena, const struct projects *old, char **words,
                            struct projects *out)
{
    return projects_set(arena, old, slice_str(words[0]), slice_str(words[1]), slice_str(words[2]),
                        out);
}

/* Changes the file, with a lock against others that do. */
static bool change_file(struct client *client, change_fn *change, char **words)
{
    char path[PATH_MAX];
    struct projects old;
    struct projects grown;
    if (snprintf(path, sizeof(path), "%s/projects.lock", client->data.path) >= PATH_MAX) {
        return false;
    }
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0 || flock(fd, LOCK_EX) != 0) {
        fprintf(stderr, "tocsin: %s: %s\n", path, strerror(errno));
        return false;
    }
    struct fault fault = data_dir_projects(&client->data, &client->arena, &old);
    if (!fault_is(fault)) {
        fault = change(&client->arena, &old, words, &grown);
    }
    if (!fault_is(fault)) {
        fault = data_dir_save_projects(&client->data, &client->arena, &grown);
    }
    close(fd);
    if (fault_is(fault)) {
        fprintf(stderr, "tocsin: %s: %s\n", words[0], fault.reason);
    }
    return !fault_is(fault);
}

static bool add(struct client *client, char **words)
{
    struct slice dsn = {NULL, 0};
    if (!change_file(client, add_one, words) || !wait_for(client, words[0], &dsn)) {
        return false;
    }
    printf("%.*s\n", SLICE_ARG(dsn));
    return true;
}

static bool list(struct client *client)
{
    const struct value *projects = NULL;
    if (!client_call(client, "/api/0/projects/", NULL, &projects)) {
        return false;
    }
    printf("%-6s %-20s %s\n", "ID", "NAME", "DSN");
    const struct value *project = value_first(projects);
    for (; project != NULL; project = project->next) {
        struct slice slug = value_string(value_get(project, SLICE("slug")));
        struct slice dsn = {NULL, 0};
        (void)dsn_of(projects, slug, &dsn); /* a project without keys has none */
        printf("%-6.*s %-20.*s %.*s\n", SLICE_ARG(value_text(value_get(project, SLICE("id")))),
               SLICE_ARG(slug), SLICE_ARG(dsn));
    }
    return true;
}

int command_project(int argc, char **argv)
{
    const char *data = NULL;
    struct client client;
    if (!command_option(&argc, argv, "--data", &data) || !command_no_more_options(argc, argv)) {
        return EXIT_USAGE;
    }
    bool is_add = argc == 3 && strcmp(argv[1], "add") == 0;
    bool is_list = argc == 2 && strcmp(argv[1], "list") == 0;
    bool is_set = argc == 5 && strcmp(argv[1], "set") == 0;
    if (!is_add && !is_list && !is_set) {
        fprintf(stderr, "usage: tocsin project add NAME | list | set NAME KEY JSON [--data DIR]\n"
                        "  KEY is origins, filters or limits; null takes it back. Examples:\n"
                        "  tocsin project set shop origins '[\"https://*.shop.example\"]'\n"
                        "  tocsin project set shop filters '{\"localhost\":true}'\n"
                        "  tocsin project set shop limits '[{\"name\":\"daily\",\"count\":10000,"
                        "\"seconds\":86400}]'\n");
        return EXIT_USAGE;
    }
    bool done = client_open(&client, data) && (is_add   ? add(&client, argv + 2)
                                               : is_set ? change_file(&client, set_one, argv + 2)
                                                        : list(&client));
    client_close(&client);
    return done ? 0 : 1;
}
