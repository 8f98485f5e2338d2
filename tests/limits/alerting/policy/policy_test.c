/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/policy/policy.h"
#include "ingest/base/limits.h"
#include <criterion/criterion.h>
#include <stdio.h>

Test(limits_policy, matchers_at_and_past_the_limit)
{
    struct arena arena;
    struct matcher items[MATCHERS_MAX];
    struct matchers matchers = {.items = items};
    struct matcher_error error;
    char text[8 * (MATCHERS_MAX + 1) + 1] = "";
    cr_assert(arena_init(&arena, 1 << 20));
    for (unsigned i = 0; i < MATCHERS_MAX; i++) {
        memcpy(text + 4 * (size_t)i, "a=b,", 5);
    }

    cr_expect(matchers_parse(&matchers, slice_str(text), &arena, &error));
    cr_expect_eq(matchers.count, MATCHERS_MAX);
    cr_expect_not(matchers_parse(&matchers, SLICE("a=b"), &arena, &error));
    cr_expect(strstr(error.message, "more than") != NULL);

    arena_done(&arena);
}

static void join_all(struct group *group, struct alert *alerts, char (*keys)[16], unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        snprintf(keys[i], sizeof(keys[i]), "%u", i);
        alerts[i] = (struct alert){
            .key = slice_str(keys[i]), .state = ALERT_FIRING, .period = 1, .news_us = 1};
        group_join(group, &alerts[i], 1);
    }
}

Test(limits_policy, group_lists_alerts_up_to_the_limit_and_counts_the_rest)
{
    static struct alert alerts[GROUP_ALERTS_MAX + 1];
    static char keys[GROUP_ALERTS_MAX + 1][16];
    static struct group_member members[GROUP_ALERTS_MAX];
    struct group group = {.members = members};

    join_all(&group, alerts, keys, GROUP_ALERTS_MAX);
    cr_expect_eq(group.count, GROUP_ALERTS_MAX);
    cr_expect_eq(group.left_out, 0);
    join_all(&group, alerts, keys, GROUP_ALERTS_MAX + 1);

    cr_expect_eq(group.count, GROUP_ALERTS_MAX);
    cr_expect_eq(group.left_out, 1);
}

Test(limits_policy, full_group_makes_room_of_what_nobody_was_told)
{
    static struct alert alerts[GROUP_ALERTS_MAX + 1];
    static char keys[GROUP_ALERTS_MAX + 1][16];
    static struct group_member members[GROUP_ALERTS_MAX];
    struct group group = {.members = members};
    join_all(&group, alerts, keys, GROUP_ALERTS_MAX);
    alerts[7].state = ALERT_RESOLVED;
    struct alert late = {.key = SLICE("late"), .state = ALERT_FIRING, .period = 1};

    group_join(&group, &late, 1);

    cr_expect_eq(group.count, GROUP_ALERTS_MAX);
    cr_expect_eq(group.left_out, 0);
    cr_expect_eq(members[GROUP_ALERTS_MAX - 1].alert, &late);
}

/* A chain of routes, each the only child of the one before. */
static uint32_t match_chain(struct route *chain, unsigned depth)
{
    const struct route *found[ROUTES_PER_ALERT_MAX];
    struct labels none = {0};
    for (unsigned i = 0; i < depth; i++) {
        chain[i] = (struct route){.first_child = i + 1 < depth ? &chain[i + 1] : NULL};
    }
    return route_match(chain, &none, NULL, found, ROUTES_PER_ALERT_MAX);
}

Test(limits_policy, route_tree_as_deep_as_allowed_is_walked)
{
    struct route chain[ROUTE_DEPTH_MAX];

    cr_expect_eq(match_chain(chain, ROUTE_DEPTH_MAX), 1);
}

Test(limits_policy, alert_takes_no_more_routes_than_allowed)
{
    static struct route routes[ROUTES_PER_ALERT_MAX + 2];
    const struct route *found[ROUTES_PER_ALERT_MAX];
    struct labels none = {0};
    routes[0].first_child = &routes[1];
    for (unsigned i = 1; i < ROUTES_PER_ALERT_MAX + 2; i++) {
        routes[i].continues = true;
        routes[i].next = i + 1 < ROUTES_PER_ALERT_MAX + 2 ? &routes[i + 1] : NULL;
    }

    cr_expect_eq(route_match(routes, &none, NULL, found, ROUTES_PER_ALERT_MAX),
                 ROUTES_PER_ALERT_MAX);
}
