/* SPDX-License-Identifier: Apache-2.0 */
/* route — the tree that decides who hears of an alert, and how often.
 *
 *   {} receiver: team-a ── {severity="critical"} receiver: pager (continue)
 *                       └─ {environment!="production"} receiver: none
 *
 * Alertmanager's tree and meaning: depth first, left to right; a node that matches stops its
 * siblings unless it says `continue`; a node none of whose children match is the answer. Settings
 * are inherited. Built by alerting/config, immutable, shared by threads.
 *
 * One thing differs: `project` always counts as a group_by label. A group's state lives in its
 * project's partition, where it changes in one atomic step; a group over projects would not.
 */
#pragma once
#include "alerting/policy/matcher.h"

/* Every alert is a group of its own, and is told of at once: an error page must not wait because
 * another one was just sent. Alertmanager waits 30 s, since Prometheus would tell it of one outage
 * in hundreds of alerts; here the issue has already folded those into one. */
#define ROUTE_GROUP_WAIT_US INT64_C(0)

/* A group that changes again (more alerts, some resolved) is told of at most this often, and a
 * group still firing with news at most that often: Alertmanager's numbers, which people know. */
#define ROUTE_GROUP_INTERVAL_US  (INT64_C(300) * 1000000)
#define ROUTE_REPEAT_INTERVAL_US (INT64_C(14400) * 1000000)

struct route {
    struct route *parent;
    struct route *first_child;
    struct route *next;
    uint32_t index; /* among all routes of the tree; the root is 0 */
    uint32_t depth; /* from 1, at most ROUTE_DEPTH_MAX */
    bool continues;
    bool group_by_all; /* `group_by: ['...']`, the default */
    struct matchers matchers;
    struct slice *group_by;
    uint32_t group_by_count;
    uint32_t receiver; /* index in the configuration's receivers */
    struct slice key;  /* the matchers from the root down, as Alertmanager prints them */
    int64_t group_wait_us;
    int64_t group_interval_us;
    int64_t repeat_interval_us;
};

/* Fills `out` with the routes that take an alert with these labels, at most `max`; gives how many.
 * Zero for a NULL root (no configuration: nobody is told). Allocates nothing. */
uint32_t route_match(const struct route *root, const struct labels *labels,
                     struct regex_scratch *scratch, const struct route **out, uint32_t max);

/* Fills `out` with the labels an alert's group is named by (those of group_by that it has, and its
 * project); false when the arena is full. */
MUST_USE bool route_group_labels(const struct route *route, const struct labels *alert,
                                 struct arena *arena, struct labels *out);

/* Appends Alertmanager's groupKey: `{}/{severity="critical"}:{alertname="x", project="1"}`. */
void route_group_key(const struct route *route, const struct labels *group, struct buffer *out);
