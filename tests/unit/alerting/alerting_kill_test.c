/* SPDX-License-Identifier: Apache-2.0 */
/* kill -9 at any point: no notice is lost, and what is sent twice has the same id and body. */
#include "tests/unit/alerting/world.h"
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define LIVES  16u
#define ISSUES 160u

/* A process that runs alerting until it is killed. Forked before there are threads. */
struct life {
    pid_t pid;
    int start; /* write end of a pipe: the receiver's port begins it */
};

_Noreturn static void live(struct world *world, const char *node, int64_t lease_ms, int start)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (read(start, &world->receiver.port, sizeof(world->receiver.port)) <= 0) {
        _exit(0);
    }
    const struct alerting_options options = {.redis = world->options,
                                             .node = node,
                                             .config = world_config(world, WORLD_CONFIG),
                                             .rules = world->rules,
                                             .lease_ms = lease_ms};
    struct alerting *alerting = alerting_start(&options);
    cr_assert_not_null(alerting);
    for (;;) {
        pause();
    }
}

static struct life conceive(struct world *world, const char *node, int64_t lease_ms)
{
    int ends[2];
    struct life life;
    cr_assert_eq(pipe(ends), 0);
    life.pid = fork();
    cr_assert_geq(life.pid, 0);
    if (life.pid == 0) {
        close(ends[1]);
        live(world, node, lease_ms, ends[0]);
    }
    close(ends[0]);
    life.start = ends[1];
    return life;
}

static void begin_life(const struct world *world, const struct life *life)
{
    cr_assert_eq(write(life->start, &world->receiver.port, sizeof(world->receiver.port)),
                 sizeof(world->receiver.port));
}

static void end_life(const struct life *life)
{
    cr_assert_eq(kill(life->pid, SIGKILL), 0);
    cr_assert_eq(waitpid(life->pid, NULL, 0), life->pid);
    close(life->start);
}

static uint32_t issue_of(const char *body)
{
    const char *at = strstr(body, "\"issue\":\"");
    cr_assert_not_null(at);
    return (uint32_t)strtoul(at + 9, NULL, 10);
}

/* Every issue was told of; gives how many requests came more than once, all of the same bytes. */
static uint32_t check_all_told(struct world *world)
{
    int first[ISSUES + 1];
    uint32_t told = 0;
    uint32_t repeated = 0;
    uint32_t count = receiver_wait(&world->receiver, 0, 0);
    memset(first, -1, sizeof(first));
    for (uint32_t i = 0; i < count; i++) {
        struct receiver_request request = receiver_request(&world->receiver, i);
        uint32_t issue = issue_of(request.body);
        cr_assert(issue > 0 && issue <= ISSUES);
        if (first[issue] < 0) {
            first[issue] = (int)i;
            told++;
            continue;
        }
        struct receiver_request before = receiver_request(&world->receiver, (uint32_t)first[issue]);
        cr_expect_str_eq(request.id, before.id, "issue %u", issue);
        cr_expect_str_eq(request.body, before.body);
        repeated++;
    }
    cr_expect_eq(told, ISSUES);
    return repeated;
}

static bool wait_for_all(struct world *world)
{
    int64_t end_us = clock_monotonic_us() + 20000000;
    int64_t waiting = 1;
    while (waiting != 0 && clock_monotonic_us() < end_us) {
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
        waiting = 0;
        for (unsigned i = 0; i < PARTITION_COUNT; i++) {
            char command[64];
            snprintf(command, sizeof(command), "EXISTS t:{%02u}:lanes", i);
            waiting += world_number(world, command);
        }
        waiting += receiver_wait(&world->receiver, ISSUES, 0) < ISSUES;
    }
    return waiting == 0;
}

Test(alerting_kill, many_deaths_of_a_node_lose_nothing_and_change_no_id)
{
    struct world world;
    struct life lives[LIVES + 1];
    unsigned issue = 0;
    world_begin_alone(&world);
    for (uint32_t i = 0; i <= LIVES; i++) {
        lives[i] = conceive(&world, "n1", 0);
    }
    receiver_start(&world.receiver);

    for (uint32_t i = 0; i < LIVES; i++) {
        begin_life(&world, &lives[i]);
        for (unsigned j = 0; j < ISSUES / LIVES; j++) {
            world_fact(&world, "new", ++issue);
        }
        nanosleep(&(struct timespec){.tv_nsec = (long)(i * 12 + 5) * 1000000}, NULL);
        end_life(&lives[i]);
    }
    begin_life(&world, &lives[LIVES]);
    bool all = wait_for_all(&world);
    end_life(&lives[LIVES]);

    cr_expect(all);
    uint32_t repeated = check_all_told(&world);
    cr_expect_leq(repeated, LIVES * DELIVERIES_PER_LANE_MAX);
    world_end(&world);
}

Test(alerting_kill, what_a_dead_node_had_claimed_is_sent_by_another_after_its_lease)
{
    struct world world;
    world_begin_alone(&world);
    struct life first = conceive(&world, "n1", 700);
    struct life second = conceive(&world, "n2", 700);
    receiver_start(&world.receiver);
    receiver_rule(&world.receiver,
                  (struct receiver_rule){.path = "/hook", .act = RECEIVER_HANGS, .times = 1});

    begin_life(&world, &first);
    world_fact(&world, "new", 1);
    cr_assert_eq(receiver_wait(&world.receiver, 1, 10000), 1);
    end_life(&first);
    begin_life(&world, &second);

    cr_assert_eq(receiver_wait(&world.receiver, 2, 10000), 2);
    struct receiver_request a = receiver_request(&world.receiver, 0);
    struct receiver_request b = receiver_request(&world.receiver, 1);
    cr_expect_str_eq(a.id, b.id);
    cr_expect_str_eq(a.body, b.body);
    end_life(&second);
    world_end(&world);
}
