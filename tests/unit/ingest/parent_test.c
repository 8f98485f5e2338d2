/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/parent.h"
#include "tests/unit/ingest/site.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

static char scratch[64];
static char folder[96];
static struct options options;
static int output[2];
static char text[16384];

static void setup(void)
{
    place_scratch(scratch);
    snprintf(folder, sizeof(folder), "%s/data", scratch);
    options = (struct options){.data = folder,
                               .listen = {"127.0.0.1:0"},
                               .listen_count = 1,
                               .api_listen = {"127.0.0.1:0"},
                               .api_listen_count = 1,
                               .workers = 1,
                               .drain_ms = 5000,
                               .journal_bytes = UINT64_C(4) << 30};
    cr_assert_eq(pipe(output), 0);
}

static void teardown(void)
{
    place_remove(scratch);
}

TestSuite(parent, .init = setup, .fini = teardown);

/* Starts a parent whose standard output and error we read. */
static pid_t run(void)
{
    pid_t pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)dup2(output[1], STDOUT_FILENO);
        (void)dup2(output[1], STDERR_FILENO);
        int status = parent_run(&options);
        fflush(NULL);
        _exit(status);
    }
    return pid;
}

static int status_of(pid_t pid)
{
    int status = 0;
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* Reads what it says until `needle` is there; false after 30 s. */
static bool says(const char *needle)
{
    size_t used = strlen(text);
    while (strstr(text, needle) == NULL) {
        struct pollfd polled = {.fd = output[0], .events = POLLIN};
        if (poll(&polled, 1, 30000) != 1) {
            return false;
        }
        ssize_t got = read(output[0], text + used, sizeof(text) - 1 - used);
        cr_assert_gt(got, 0);
        used += (size_t)got;
        text[used] = '\0';
    }
    return true;
}

/* The process id of a child of `pid`, of the name `name`; 0: none. */
static pid_t child_of(pid_t pid, const char *name)
{
    char command[128];
    char line[64] = "";
    snprintf(command, sizeof(command), "pgrep -P %d -f '%s'", (int)pid, name);
    FILE *found = popen(command, "r");
    char *read = fgets(line, sizeof(line), found);
    pclose(found);
    return read != NULL ? (pid_t)strtol(line, NULL, 10) : 0;
}

Test(parent, prints_a_dsn_once_the_server_is_ready_and_leaves_with_0)
{
    pid_t pid = run();

    cr_expect(says("/1\n"), "a DSN ends in the project: %s", text);
    cr_expect_not_null(strstr(text, "http://"), "%s", text);
    cr_expect_neq(child_of(pid, "redis-server"), 0);

    cr_assert_eq(kill(pid, SIGTERM), 0);
    cr_expect_eq(status_of(pid), 0, "%s", text);
}

Test(parent, starts_a_child_again_that_died)
{
    pid_t pid = run();
    cr_assert(says("/1\n"), "%s", text);
    pid_t redis = child_of(pid, "redis-server");

    cr_assert_eq(kill(redis, SIGKILL), 0);

    cr_expect(says("a child ended and is started again"), "%s", text);
    cr_expect_not_null(strstr(text, "child=redis-server"), "%s", text);
    pid_t next = 0;
    for (unsigned i = 0; i < 500 && next == 0; i++) {
        (void)nanosleep(&(struct timespec){0, 10000000}, NULL);
        next = child_of(pid, "redis-server");
    }
    cr_expect(next != 0 && next != redis);
    cr_assert_eq(kill(pid, SIGTERM), 0);
    cr_expect_eq(status_of(pid), 0, "%s", text);
}

Test(parent, gives_up_with_the_server_when_the_configuration_is_wrong)
{
    char config[160];
    snprintf(config, sizeof(config), "%s/tocsin.yml", scratch);
    FILE *file = fopen(config, "w");
    cr_assert(file != NULL && fputs("rute: {}\n", file) >= 0 && fclose(file) == 0);
    options.config = config;
    options.redis = "unix:/nonexistent/redis.sock";

    pid_t pid = run();

    cr_expect_eq(status_of(pid), 78);
    cr_expect(says("tocsin.yml:1:"), "%s", text);
}

Test(parent, does_not_start_where_it_cannot_listen)
{
    options.listen[0] = "192.0.2.1:1"; /* nobody's address: RFC 5737 */

    pid_t pid = run();

    cr_expect_eq(status_of(pid), 1);
    cr_expect(says("tocsin: "), "%s", text);
    cr_expect_not_null(strstr(text, "192.0.2.1:1"), "%s", text);
}

Test(parent, does_not_start_on_a_folder_that_another_one_uses)
{
    struct data_dir data;
    char problem[1024];
    cr_assert(data_dir_open(&data, folder, problem, sizeof(problem)));

    pid_t pid = run();

    cr_expect_eq(status_of(pid), 1);
    cr_expect(says("in use by another Tocsin"), "%s", text);
    data_dir_close(&data);
}
