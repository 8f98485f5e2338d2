/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/data_dir.h"
#include "ingest/listener.h"
#include "tests/support/place.h"
#include <criterion/criterion.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch[64];
static char folder[96];
static char problem[1024];

static void setup(void)
{
    place_scratch(scratch);
    snprintf(folder, sizeof(folder), "%s/data", scratch);
}

static void teardown(void)
{
    place_remove(scratch);
}

TestSuite(data_dir, .init = setup, .fini = teardown);

Test(data_dir, first_start_makes_a_secret_token_and_project_1)
{
    struct data_dir data;
    struct arena arena;
    struct projects projects;
    struct stat status;
    char path[128];
    cr_assert(arena_init(&arena, 64u << 20));

    cr_assert(data_dir_open(&data, folder, problem, sizeof(problem)), "%s", problem);

    snprintf(path, sizeof(path), "%s/token", folder);
    cr_assert_eq(stat(path, &status), 0);
    cr_expect_eq(status.st_mode & 0777, 0600u);
    cr_expect_eq(strlen(data.token), TOKEN_BYTES);
    cr_assert_not(fault_is(data_dir_projects(&data, &arena, &projects)));
    cr_expect_eq(projects.count, 1u);
    cr_expect_eq(projects.list[0].id, 1u);
    cr_expect_eq(projects.list[0].key_count, 1u);
    data_dir_close(&data);
    arena_done(&arena);
}

Test(data_dir, second_start_finds_what_the_first_made)
{
    struct data_dir first;
    struct data_dir second;
    cr_assert(data_dir_open(&first, folder, problem, sizeof(problem)));
    data_dir_close(&first);

    cr_assert(data_dir_open(&second, folder, problem, sizeof(problem)), "%s", problem);

    cr_expect_str_eq(second.token, first.token);
    data_dir_close(&second);
}

Test(data_dir, is_refused_while_another_holds_it)
{
    struct data_dir first;
    struct data_dir second;
    char pid[32];
    cr_assert(data_dir_open(&first, folder, problem, sizeof(problem)));

    cr_expect_not(data_dir_open(&second, folder, problem, sizeof(problem)));

    snprintf(pid, sizeof(pid), "process %d", (int)getpid());
    cr_expect(strstr(problem, "in use by another Tocsin") != NULL, "%s", problem);
    cr_expect(strstr(problem, pid) != NULL, "%s", problem);
    data_dir_close(&first);
}

Test(data_dir, tells_visitors_where_the_api_is)
{
    struct data_dir data;
    struct data_dir visitor;
    char api[128] = "";
    int fd = listener_open("127.0.0.1:0", problem, sizeof(problem));
    cr_assert(data_dir_open(&data, folder, problem, sizeof(problem)));
    cr_assert(data_dir_visit(&visitor, folder, problem, sizeof(problem)), "%s", problem);
    cr_expect_not(data_dir_api(&visitor, api, sizeof(api)), "no server has said it yet");

    cr_assert(data_dir_announce(&data, fd, false, problem, sizeof(problem)));

    cr_assert(data_dir_api(&visitor, api, sizeof(api)));
    cr_expect_eq(strncmp(api, "http://127.0.0.1:", 17), 0, "%s", api);
    cr_expect_str_eq(visitor.token, data.token);
    data_dir_close(&data);
    close(fd);
}

Test(data_dir, says_what_is_no_data_folder)
{
    struct data_dir data;

    cr_expect_not(data_dir_visit(&data, scratch, problem, sizeof(problem)));
    cr_expect(strstr(problem, "is no data folder of Tocsin") != NULL, "%s", problem);
    cr_expect_not(data_dir_visit(&data, "/nonexistent", problem, sizeof(problem)));
    cr_expect(strstr(problem, "/nonexistent") != NULL, "%s", problem);
    cr_expect_not(data_dir_open(&data, "/proc/nowhere", problem, sizeof(problem)));
    cr_expect(strstr(problem, "cannot be made") != NULL, "%s", problem);
}
