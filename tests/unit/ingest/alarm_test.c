/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/alerting.h"
#include "ingest/alarm.h"
#include "ingest/snapshot.h"
#include "tests/support/redis.h"
#include <criterion/criterion.h>
#include <time.h>

static struct snapshot_box *box;
static struct redis_options nowhere;

static void publish(void)
{
    struct problems problems;
    struct snapshot *snapshot = snapshot_new();
    problems_init(&problems, &snapshot->arena);
    snapshot->alerts = alerting_config_new(NULL, SLICE("t.yml"), &problems);
    snapshot->rules = rules_load_all(NULL, 0, &problems);
    cr_assert(snapshot->alerts != NULL && snapshot->rules != NULL && problems.errors == 0);
    snapshot_publish(box, snapshot);
}

static void setup(void)
{
    box = snapshot_box_new();
    publish();
    cr_assert_not(fault_is(redis_parse(SLICE("unix:/nonexistent/redis.sock"), &nowhere)));
}

static void teardown(void)
{
    snapshot_box_free(box);
}

TestSuite(alarm, .init = setup, .fini = teardown);

static unsigned references(struct snapshot *snapshot)
{
    return atomic_load(&snapshot->references);
}

Test(alarm, starts_without_redis_and_stops_in_time)
{
    struct timespec before;
    struct timespec after;
    struct alarm *alarm = alarm_start(box, &nowhere, (struct id){{1}});
    cr_assert_not_null(alarm);
    cr_expect_not(atomic_load(&alerting_stats(alarm_alerting(alarm))->redis_connected));
    clock_gettime(CLOCK_MONOTONIC, &before);

    alarm_stop(alarm, 1000);

    clock_gettime(CLOCK_MONOTONIC, &after);
    cr_expect_lt(after.tv_sec - before.tv_sec, 8);
}

Test(alarm, holds_the_snapshot_whose_rules_alerting_borrows)
{
    struct snapshot *first = snapshot_current(box);
    unsigned before = references(first);
    struct alarm *alarm = alarm_start(box, &nowhere, (struct id){{1}});
    cr_expect_eq(references(first), before + 1);

    publish();
    cr_expect_eq(references(first), before, "the box has let go, the alarm has not");
    alarm_follow(alarm);

    cr_expect_eq(references(first), 1u, "only this test holds it");
    snapshot_release(first);
    alarm_stop(alarm, 1000);
}

Test(alarm, following_the_same_snapshot_twice_is_fine)
{
    struct snapshot *only = snapshot_current(box);
    unsigned before = references(only);
    struct alarm *alarm = alarm_start(box, &nowhere, (struct id){{1}});

    alarm_follow(alarm);
    alarm_follow(alarm);

    cr_expect_eq(references(only), before + 1);
    alarm_stop(alarm, 1000);
    cr_expect_eq(references(only), before);
    snapshot_release(only);
}

Test(alarm, connects_once_redis_is_there)
{
    struct redis_server redis;
    struct redis_options options;
    redis_server_start(&redis);
    cr_assert_not(fault_is(redis_parse(slice_str(redis.url), &options)));
    struct alarm *alarm = alarm_start(box, &options, (struct id){{1}});
    const struct alerting_stats *stats = alerting_stats(alarm_alerting(alarm));
    for (unsigned i = 0; i < 2000 && !atomic_load(&stats->redis_connected); i++) {
        (void)nanosleep(&(struct timespec){0, 5000000}, NULL);
    }

    cr_expect(atomic_load(&stats->redis_connected));

    alarm_stop(alarm, 1000);
    redis_server_stop(&redis);
}

Test(alarm, stopping_nothing_is_fine)
{
    alarm_stop(NULL, 1000);
}
