/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/config_route.h"
#include "tests/unit/alerting/config_text.h"

#define RECEIVERS "\nreceivers: [{name: a}, {name: b}, {name: c}]"

/* Reads a `route`; NULL when it was refused. */
static const struct route *read_route(struct config_text *read, const char *route)
{
    char yaml[4096];
    snprintf(yaml, sizeof(yaml), "route: %s%s", route, RECEIVERS);
    config_text_read(read, yaml);
    return read->config != NULL ? alerting_config_root(read->config) : NULL;
}

Test(config_route, the_topmost_route_has_defaults)
{
    struct config_text read;
    const struct route *root = read_route(&read, "{receiver: b}");

    cr_assert(root != NULL, "%s", read.said);
    cr_expect_eq(root->receiver, 1);
    cr_expect(root->group_by_all);
    cr_expect_eq(root->group_wait_us, ROUTE_GROUP_WAIT_US);
    cr_expect_eq(root->group_interval_us, ROUTE_GROUP_INTERVAL_US);
    cr_expect_eq(root->repeat_interval_us, ROUTE_REPEAT_INTERVAL_US);
    cr_expect(slice_eq(root->key, SLICE("{}")));
    cr_expect_eq(root->depth, 1);
    config_text_done(&read);
}

Test(config_route, children_inherit_settings_but_not_continue)
{
    struct config_text read;
    const struct route *root =
        read_route(&read, "{receiver: a, group_by: [alertname], group_wait: 10s, routes: [\n"
                          "  {matchers: ['severity=\"critical\"'], receiver: b, continue: true,\n"
                          "   repeat_interval: 1h, routes: [{matchers: [env=~prod.*]}]},\n"
                          "  {group_by: ['...']}]}");

    cr_assert(root != NULL, "%s", read.said);
    const struct route *first = root->first_child;
    cr_assert_not_null(first);
    const struct route *grandchild = first->first_child;
    const struct route *second = first->next;
    cr_assert(grandchild != NULL && second != NULL && second->next == NULL);
    cr_expect(first->continues && !grandchild->continues && !second->continues);
    cr_expect_eq(first->group_wait_us, 10000000);
    cr_expect_eq(grandchild->repeat_interval_us, INT64_C(3600000000));
    cr_expect_eq(grandchild->receiver, 1);
    cr_expect_eq(grandchild->group_by_count, 1);
    cr_expect_eq(second->receiver, 0);
    cr_expect(second->group_by_all);
    cr_expect_eq(second->group_by_count, 0);
    cr_expect(slice_eq(grandchild->key, SLICE("{}/{severity=\"critical\"}/{env=~\"prod.*\"}")),
              "%.*s", SLICE_ARG(grandchild->key));
    cr_expect_eq(grandchild->depth, 3);
    config_text_done(&read);
}

Test(config_route, every_route_has_its_own_index)
{
    struct config_text read;
    const struct route *root =
        read_route(&read, "{receiver: a, routes: [{routes: [{}, {}]}, {routes: [{}]}, {}]}");
    uint32_t seen = 0;

    cr_assert(root != NULL, "%s", read.said);
    for (const struct route *at = root; at != NULL;) {
        cr_expect_eq(seen >> at->index & 1, 0);
        seen |= 1u << at->index;
        if (at->first_child != NULL) {
            at = at->first_child;
            continue;
        }
        while (at != NULL && at->next == NULL) {
            at = at->parent;
        }
        at = at != NULL ? at->next : NULL;
    }
    cr_expect_eq(seen, (1u << 7) - 1);
    config_text_done(&read);
}

Test(config_route, refuses_what_it_does_not_understand)
{
    const struct {
        const char *route;
        const char *said;
    } cases[] = {
        {"7", "c.yml:1:8"},
        {"{}", "the topmost route needs a 'receiver'"},
        {"{receiver: z}", "no receiver is called 'z'"},
        {"{receiver: a, group_wiat: 1s}", "group_wait"},
        {"{receiver: a, matchers: [a=b]}", "the topmost route takes all"},
        {"{receiver: a, continue: true}", "nothing after the topmost route"},
        {"{receiver: a, group_wait: 2d}", "from 0s to 1d"},
        {"{receiver: a, group_interval: 0s}", "from 1s to 30d"},
        {"{receiver: a, repeat_interval: soon}", "repeat_interval"},
        {"{receiver: a, group_by: alertname}", "'group_by' is a list"},
        {"{receiver: a, group_by: ['...', alertname]}", "stands alone"},
        {"{receiver: a, group_by: [a, a]}", "stands here twice"},
        {"{receiver: a, group_by: ['a b']}", "label names"},
        {"{receiver: a, routes: {}}", "'routes' is a list"},
        {"{receiver: a, routes: [3]}", "a route"},
        {"{receiver: a, routes: [{matchers: 'a=b'}]}", "'matchers' is a list"},
        {"{receiver: a, routes: [{matchers: [7]}]}", "a matcher is a text"},
        {"{receiver: a, routes: [{matchers: ['a=~\"(\"']}]}", "(character"},
        {"{receiver: a, routes: [{routes: [{receiver: q}]}]}", "no receiver is called 'q'"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct config_text read;
        cr_expect_null(read_route(&read, cases[i].route), "%s", cases[i].route);
        cr_expect(strstr(read.said, cases[i].said) != NULL, "%s said: %s", cases[i].route,
                  read.said);
        config_text_done(&read);
    }
}

Test(config_route, done_takes_nothing_too)
{
    config_route_done(NULL);
}
