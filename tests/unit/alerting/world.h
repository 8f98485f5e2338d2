/* SPDX-License-Identifier: Apache-2.0 */
/* world — what alerting's tests stand in: a Redis, a receiver, the rules this build ships, and
 * facts as the committer writes them. Times are real: short, and waited for, never slept. */
#pragma once
#include "alerting/alerting.h"
#include "ingest/base/limits.h"
#include "ingest/base/yaml.h"
#include "ingest/host/clock.h"
#include "storage/effect.h"
#include "storage/functions.h"
#include "tests/support/receiver.h"
#include "tests/support/redis.h"
#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>

struct world {
    struct redis_server server;
    struct test_receiver receiver;
    struct redis_options options;
    struct redis *redis; /* the test's own link, with functions loaded */
    struct ruleset *rules;
    struct arena arena;
};

static inline void world_connect(struct world *world)
{
    cr_assert(redis_connect(world->redis), "%s", redis_error(world->redis));
    cr_assert(functions_load(world->redis), "%s", redis_error(world->redis));
}

/* Without the receiver's threads: for tests that fork first. */
static inline void world_begin_alone(struct world *world)
{
    struct problems problems;
    *world = (struct world){0};
    signal(SIGPIPE, SIG_IGN); /* as the daemon does */
    redis_server_start(&world->server);
    cr_assert(arena_init(&world->arena, 64u << 20));
    problems_init(&problems, &world->arena);
    cr_assert_not(fault_is(redis_parse(slice_str(world->server.url), &world->options)));
    world->redis = redis_new(&world->options);
    world_connect(world);
    world->rules = rules_load_all(NULL, 0, &problems);
    cr_assert_not_null(world->rules);
    cr_assert_eq(problems.errors, 0);
}

static inline void world_begin(struct world *world)
{
    world_begin_alone(world);
    receiver_start(&world->receiver);
}

static inline void world_end(struct world *world)
{
    redis_free(world->redis);
    if (world->receiver.port != 0) {
        receiver_stop(&world->receiver);
    }
    redis_server_stop(&world->server);
    ruleset_free(world->rules);
    arena_done(&world->arena);
}

/* Reads a configuration; every "PORT" in it becomes the receiver's. */
static inline struct alerting_config *world_config(struct world *world, const char *yaml)
{
    struct problems problems;
    struct value *documents = NULL;
    char text[4096];
    char port[8];
    size_t length = 0;
    snprintf(port, sizeof(port), "%u", world->receiver.port);
    while (*yaml != '\0') {
        bool is_port = strncmp(yaml, "PORT", 4) == 0;
        cr_assert(length + 8 < sizeof(text));
        if (is_port) {
            memcpy(text + length, port, strlen(port));
        } else {
            text[length] = *yaml;
        }
        length += is_port ? strlen(port) : 1;
        yaml += is_port ? 4 : 1;
    }
    problems_init(&problems, &world->arena);
    cr_assert(yaml_parse(&world->arena, slice_of(text, length), SLICE("test.yml"), &problems,
                         &documents));
    struct alerting_config *config =
        alerting_config_new(value_first(documents), SLICE("test.yml"), &problems);
    cr_assert(config != NULL, "%.*s",
              SLICE_ARG(problems.first != NULL ? problems.first->message : SLICE("no memory")));
    return config;
}

/* One receiver, told at once and of everything. */
#define WORLD_CONFIG                                                                               \
    "route: {receiver: team, group_by: [issue], group_wait: 0s, group_interval: 1s,\n"             \
    "        repeat_interval: 1h}\n"                                                               \
    "receivers: [{name: team, webhook_configs: [{url: 'http://127.0.0.1:PORT/hook'}]}]\n"

static inline struct alerting *world_start(struct world *world, const char *node, const char *yaml)
{
    const struct alerting_options options = {.redis = world->options,
                                             .node = node,
                                             .config = world_config(world, yaml),
                                             .rules = world->rules};
    struct alerting *alerting = alerting_start(&options);
    cr_assert_not_null(alerting);
    return alerting;
}

/* What happened to an issue. Its partition is issue % 64. */
static inline void world_fact(struct world *world, const char *kind, unsigned issue)
{
    redisReply *reply = redis_command(
        world->redis,
        "XADD t:{%02u}:facts * kind %s project %u issue %u event %032x title %s culprit %s "
        "level error platform python type error environment production release 1.0 at %lld n 1",
        issue % PARTITION_COUNT, kind, issue % PARTITION_COUNT, issue, issue, "ValueError: boom",
        "app.pay", (long long)(clock_wall_us() / 1000 - 5));
    cr_assert(reply != NULL && reply->type == REDIS_REPLY_STRING, "%s", redis_error(world->redis));
    freeReplyObject(reply);
}

/* A number Redis gives for a command; -1 when it gives none. */
static inline int64_t world_number(struct world *world, const char *command)
{
    redisReply *reply = redis_command(world->redis, command);
    bool is_number = reply != NULL && reply->type == REDIS_REPLY_INTEGER;
    int64_t number = is_number ? reply->integer : -1;
    freeReplyObject(reply);
    return number;
}

/* Waits until a counter is at least `value`, at most 10 s. */
static inline bool world_wait(const atomic_uint_fast64_t *counter, uint64_t value)
{
    int64_t end_us = clock_monotonic_us() + 10000000;
    while (*counter < value && clock_monotonic_us() < end_us) {
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return *counter >= value;
}
