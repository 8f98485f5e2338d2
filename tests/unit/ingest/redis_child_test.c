/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/redis_child.h"
#include "storage/redis.h"
#include "tests/unit/ingest/site.h"
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#define WAIT_MS 20000

static struct site site;

static void setup(void)
{
    site_open(&site);
    (void)signal(SIGPIPE, SIG_IGN);
}

static void teardown(void)
{
    site_close(&site);
}

TestSuite(redis_child, .init = setup, .fini = teardown);

static pid_t start(void)
{
    pid_t pid = fork();
    cr_assert_geq(pid, 0);
    if (pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        _exit(redis_child_exec(&site.data));
    }
    return pid;
}

static int end(pid_t pid, int signal_number)
{
    int status = 0;
    cr_assert_eq(kill(pid, signal_number), 0);
    cr_assert_eq(waitpid(pid, &status, 0), pid);
    return status;
}

static void pause_10_ms(void)
{
    (void)nanosleep(&(struct timespec){0, 10000000}, NULL);
}

/* A link to it, once it answers. */
static struct redis *connected(void)
{
    char url[160];
    struct redis_options options;
    snprintf(url, sizeof(url), "unix:%s/redis/redis.sock", site.folder);
    cr_assert_not(fault_is(redis_parse(slice_str(url), &options)));
    struct redis *link = redis_new(&options);
    for (unsigned waited = 0; !redis_connect(link); waited += 10) {
        cr_assert_lt(waited, WAIT_MS, "%s", redis_error(link));
        pause_10_ms();
    }
    return link;
}

/* The value of `CONFIG GET name`. */
static void config(struct redis *link, const char *name, char *out, size_t room)
{
    redisReply *reply = redis_command(link, "CONFIG GET %s", name);
    cr_assert(reply != NULL && reply->elements == 2, "%s", redis_error(link));
    snprintf(out, room, "%s", reply->element[1]->str);
    freeReplyObject(reply);
}

Test(redis_child, answers_on_its_socket_and_on_nothing_else)
{
    static const struct {
        const char *name;
        const char *expected;
    } cases[] = {{"port", "0"},
                 {"appendonly", "yes"},
                 {"save", ""},
                 {"appendfsync", "everysec"},
                 {"databases", "1"},
                 {"maxmemory-policy", "noeviction"},
                 {"unixsocketperm", "700"}};
    pid_t pid = start();
    struct redis *link = connected();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char value[128];
        config(link, cases[i].name, value, sizeof(value));
        cr_expect_str_eq(value, cases[i].expected, "%s", cases[i].name);
    }
    redis_free(link);
    int status = end(pid, SIGTERM);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

Test(redis_child, keeps_everything_in_its_own_folder)
{
    static const char *const names[] = {"redis/redis.log", "redis/appendonlydir", "redis/lock"};
    pid_t pid = start();
    struct redis *link = connected();
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[160];
        struct stat status;
        snprintf(path, sizeof(path), "%s/%s", site.folder, names[i]);
        for (unsigned waited = 0; stat(path, &status) != 0; waited += 10) {
            cr_assert_lt(waited, WAIT_MS, "%s", path);
            pause_10_ms();
        }
        cr_expect_eq(status.st_mode & 0007, 0u, "%s is nobody else's", path);
    }
    redis_free(link);
    end(pid, SIGKILL);
}

Test(redis_child, a_second_one_waits_until_the_first_has_gone)
{
    int status = 0;
    pid_t first = start();
    redis_free(connected());
    pid_t second = start();
    for (unsigned i = 0; i < 20; i++) {
        pause_10_ms();
        cr_assert_eq(waitpid(second, &status, WNOHANG), 0, "it waits, it does not give up");
    }

    end(first, SIGKILL);

    struct redis *link = connected();
    redisReply *reply = redis_command(link, "INFO server");
    char expected[64];
    snprintf(expected, sizeof(expected), "process_id:%d\r", (int)second);
    cr_expect(reply != NULL && strstr(reply->str, expected) != NULL);
    freeReplyObject(reply);
    redis_free(link);
    end(second, SIGKILL);
}

Test(redis_child, says_when_there_is_no_redis_server)
{
    int status = 0;
    cr_assert_eq(setenv("PATH", "/nonexistent", 1), 0);

    pid_t pid = start();

    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 127);
}

Test(redis_child, says_when_its_folder_cannot_be_used)
{
    int status = 0;
    site_write(&site, "data/redis", "a file stands in the way\n");

    pid_t pid = start();

    cr_assert_eq(waitpid(pid, &status, 0), pid);
    cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}
