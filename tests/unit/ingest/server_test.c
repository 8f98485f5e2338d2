/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/server.h"
#include "tests/support/redis.h"
#include "tests/unit/ingest/site.h"
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

static struct site site;
static struct server_start start;
static int ready[2];

static void setup(void)
{
    site_open(&site);
    cr_assert_eq(pipe(ready), 0);
    start = (struct server_start){.options = &site.options,
                                  .data = &site.data,
                                  .intake_fds = {site.intake_fd},
                                  .api_fds = {site.api_fd},
                                  .ready_fd = ready[1]};
}

static void teardown(void)
{
    site_close(&site);
}

TestSuite(server, .init = setup, .fini = teardown);

static pid_t run(void)
{
    pid_t pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        _exit(server_run(&start));
    }
    return pid;
}

static int status_of(pid_t pid)
{
    int status = 0;
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* The one byte, within `wait_ms`. */
static bool becomes_ready(int wait_ms)
{
    char byte = 0;
    struct pollfd polled = {.fd = ready[0], .events = POLLIN};
    return poll(&polled, 1, wait_ms) == 1 && read(ready[0], &byte, 1) == 1;
}

Test(server, tells_when_it_is_ready_takes_events_and_leaves_with_0)
{
    struct redis_server redis;
    redis_server_start(&redis);
    site.options.redis = redis.url;
    pid_t pid = run();

    cr_expect(becomes_ready(30000));
    cr_expect(site_gets(site.intake_fd, "/readyz", 200));
    cr_expect(site_gets(site.api_fd, "/readyz", 200));
    cr_expect(site_sends(&site, "{\"message\":\"it broke\"}"));

    cr_assert_eq(kill(pid, SIGTERM), 0);
    cr_expect_eq(status_of(pid), 0);
    redis_server_stop(&redis);
}

Test(server, a_hangup_is_a_reload_and_not_an_end)
{
    struct redis_server redis;
    char config[160];
    char reason[64];
    redis_server_start(&redis);
    site.options.redis = redis.url;
    snprintf(config, sizeof(config), "%s", site_write(&site, "tocsin.yml", "rules: []\n"));
    site.options.config = config;
    pid_t pid = run();
    cr_assert(becomes_ready(30000));
    site_write(&site, "tocsin.yml", "rute: {}\n");

    for (unsigned i = 0; i < 3; i++) {
        cr_assert_eq(kill(pid, SIGHUP), 0);
        snprintf(reason, sizeof(reason), "hangup %u", i);
        cr_expect(site_sends(&site, "{\"message\":\"it broke\"}"), "%s", reason);
    }

    cr_assert_eq(kill(pid, SIGTERM), 0);
    cr_expect_eq(status_of(pid), 0);
    redis_server_stop(&redis);
}

Test(server, without_redis_events_are_taken_all_the_same)
{
    site.options.redis = "unix:/nonexistent/redis.sock";
    pid_t pid = run();

    cr_expect(becomes_ready(30000), "after a while");
    cr_expect(site_sends(&site, "{\"message\":\"it broke\"}"));

    cr_assert_eq(kill(pid, SIGTERM), 0);
    cr_expect_eq(status_of(pid), 0);
}

Test(server, what_a_restart_cannot_cure_ends_with_78)
{
    char bad[160];
    snprintf(bad, sizeof(bad), "%s", site_write(&site, "tocsin.yml", "rute: {}\n"));
    const struct {
        const char *config;
        const char *redis;
    } cases[] = {{bad, "unix:/x"}, {NULL, "gopher://x"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        site.options.config = cases[i].config;
        site.options.redis = cases[i].redis;
        int status = status_of(run());
        cr_expect_eq(status, SERVER_BAD_CONFIG, "case %zu: %d", i, status);
        cr_expect(server_is_final(status));
    }
    cr_expect_not(becomes_ready(0));
}

Test(server, what_may_be_cured_by_a_restart_does_not)
{
    site.options.redis = "unix:/nonexistent/redis.sock";
    site_write(&site, "data/journal", "a file stands in the way\n");

    int status = status_of(run());

    cr_expect_eq(status, 1);
    cr_expect_not(server_is_final(status));
    cr_expect_not(server_is_final(0));
}
