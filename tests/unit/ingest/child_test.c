/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/child.h"
#include <criterion/criterion.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static int leave(void *data)
{
    (void)data;
    return 0;
}

static int stay(void *data)
{
    (void)data;
    while (pause() == -1) {
    }
    return 0;
}

static int stay_deaf(void *data)
{
    signal(SIGTERM, SIG_IGN);
    (void)!write(*(int *)data, "x", 1);
    return stay(NULL);
}

static void wait_dead(struct child *child, int64_t now_ms)
{
    int status = 0;
    pid_t pid = waitpid(child->pid, &status, 0);
    cr_assert(child_reap(child, pid, now_ms));
}

Test(child, starts_at_once_then_backs_off_up_to_five_seconds)
{
    struct child child = {.name = "t", .run = leave, .death_signal = SIGKILL};
    static const int64_t waits[] = {0, 100, 200, 400, 800, 1600, 3200, 5000, 5000};
    int64_t now = 1000;
    for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
        cr_assert_eq(child_tick(&child, now), INT64_MAX);
        wait_dead(&child, now);
        cr_expect_eq(child.restart_ms - now, waits[i], "death %zu", i);
        if (waits[i] > 0) {
            cr_expect_eq(child_tick(&child, now), child.restart_ms, "not before it is due");
        }
        now = child.restart_ms;
    }
}

Test(child, forgets_failures_after_a_long_life)
{
    struct child child = {.name = "t", .run = leave, .death_signal = SIGKILL, .failures = 5};

    cr_assert(child_start(&child, 0));
    wait_dead(&child, 10001);

    cr_expect_eq(child.restart_ms, 10001);
}

Test(child, knows_its_own_pid_only)
{
    struct child child = {.name = "t", .run = stay, .death_signal = SIGKILL};
    cr_assert(child_start(&child, 0));

    cr_expect_not(child_reap(&child, child.pid + 1, 0));

    cr_expect_not(child_stop(&child, 1000), "a default TERM is no exit status 0");
    cr_expect_eq(child.pid, 0);
}

Test(child, is_killed_when_it_does_not_leave_in_time)
{
    int ends[2];
    char byte;
    cr_assert_eq(pipe(ends), 0);
    struct child child = {.name = "t", .run = stay_deaf, .data = &ends[1], .death_signal = SIGKILL};
    cr_assert(child_start(&child, 0));
    cr_assert_eq(read(ends[0], &byte, 1), 1);
    pid_t pid = child.pid;

    cr_expect_not(child_stop(&child, 50));

    cr_expect_eq(kill(pid, 0), -1, "gone, and reaped");
}
