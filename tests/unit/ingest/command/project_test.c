/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/unit/ingest/command/desk.h"
#include "tests/unit/ingest/command/said.h"

#define PROJECT(id, slug)                                                                          \
    "{\"id\":\"" id "\",\"slug\":\"" slug "\",\"keys\":[{\"dsn\":{\"public\":\"http://k@h/" id     \
    "\"}}]}"

static struct desk_row rows[] = {
    {"GET /api/0/projects/ ", 200, "[" PROJECT("1", "default") "," PROJECT("2", "shop") "]"},
    {NULL, 0, NULL},
};

static struct desk desk;

static void setup(void)
{
    desk_open(&desk, rows);
}

static void teardown(void)
{
    desk_close(&desk);
}

TestSuite(project, .init = setup, .fini = teardown);

/* Fills a project of projects.json; false when there is none of that name. */
static bool kept(const char *slug, uint32_t *id)
{
    struct arena arena;
    struct projects projects;
    cr_assert(arena_init(&arena, 64u << 20));
    cr_assert_not(fault_is(data_dir_projects(&desk.data, &arena, &projects)));
    const struct project *project = projects_by_name(&projects, slice_str(slug));
    if (project != NULL) {
        *id = project->id;
        cr_expect(project->key_count == 1 && !id_is_none(project->keys[0]));
    }
    arena_done(&arena);
    return project != NULL;
}

Test(project, add_writes_it_down_and_prints_the_dsn_alone)
{
    uint32_t id = 0;

    const struct said *said =
        SAID(command_project, "project", "add", "shop", "--data", desk.folder);

    cr_expect_eq(said->status, 0, "%s", said->err);
    cr_expect_str_eq(said->out, "http://k@h/2\n");
    cr_expect(kept("shop", &id));
    cr_expect_eq(id, 2u);
}

Test(project, add_waits_for_the_server_but_not_for_ever)
{
    uint32_t id = 0;

    const struct said *said =
        SAID(command_project, "project", "add", "cart", "--data", desk.folder);

    cr_expect_eq(said->status, 1);
    cr_expect_str_eq(said->out, "");
    cr_expect_not_null(strstr(said->err, "was added, but the server has not read it yet"), "%s",
                       said->err);
    cr_expect(kept("cart", &id));
    cr_expect_gt(desk.count, 10u);
}

Test(project, add_refuses_names_that_are_taken_or_none)
{
    static const char *const names[] = {
        "default", "",     "Shop",
        "a b",     "../x", "a23456789012345678901234567890123456789012345678901"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        uint32_t id = 0;
        const struct said *said =
            SAID(command_project, "project", "add", names[i], "--data", desk.folder);
        cr_expect_eq(said->status, 1, "'%s'", names[i]);
        cr_expect_str_eq(said->out, "");
        cr_expect(strcmp(names[i], "default") == 0 || !kept(names[i], &id), "'%s'", names[i]);
    }
    cr_expect_eq(desk.count, 0u);
}

Test(project, list_shows_a_line_for_each)
{
    const struct said *said = SAID(command_project, "project", "list", "--data", desk.folder);

    cr_expect_eq(said->status, 0);
    cr_expect_str_eq(said->out, "ID     NAME                 DSN\n"
                                "1      default              http://k@h/1\n"
                                "2      shop                 http://k@h/2\n");
}

Test(project, knows_add_and_list_only)
{
    cr_expect_eq(SAID(command_project, "project")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_project, "project", "remove", "x")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_project, "project", "add")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_project, "project", "list", "x")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_project, "project", "list", "--json")->status, EXIT_USAGE);
    cr_expect_eq(SAID(command_project, "project", "list", "--data", "/nonexistent")->status, 1);
}
