/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/policy/route.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"

/* A walk down the tree with its own stack: `at[depth]` is the child being tried on each level. */
struct walk {
    const struct route *at[ROUTE_DEPTH_MAX];
    uint32_t found_before[ROUTE_DEPTH_MAX]; /* how many were found when the level began */
    uint32_t depth;
};

/* The level is done with: its parent answers itself when none of its children did. */
static const struct route *climb(struct walk *walk, const struct route **out, uint32_t *count,
                                 uint32_t max)
{
    MUST(walk->depth > 0);
    walk->depth--;
    const struct route *parent = walk->at[walk->depth];
    if (*count == walk->found_before[walk->depth] && *count < max) {
        out[(*count)++] = parent;
    }
    return parent->continues ? parent->next : NULL;
}

uint32_t route_match(const struct route *root, const struct labels *labels,
                     struct regex_scratch *scratch, const struct route **out, uint32_t max)
{
    MUST(labels != NULL && (out != NULL || max == 0));
    struct walk walk = {.depth = 0};
    uint32_t count = 0;
    const struct route *route = root;
    for (;;) {
        if (route == NULL) { /* past the last sibling, or stopped by a match */
            MUST(count <= max);
            if (walk.depth == 0) {
                return count;
            }
            route = climb(&walk, out, &count, max);
        } else if (!matchers_hold(&route->matchers, labels, scratch)) {
            route = route->next;
        } else {
            MUST(walk.depth < ROUTE_DEPTH_MAX);
            walk.at[walk.depth] = route;
            walk.found_before[walk.depth++] = count;
            route = route->first_child;
        }
    }
}

bool route_group_labels(const struct route *route, const struct labels *alert, struct arena *arena,
                        struct labels *out)
{
    MUST(arena != NULL && out != NULL);
    uint32_t room = route->group_by_all ? alert->count : route->group_by_count;
    if (!labels_init(out, room + 1, arena)) {
        return false;
    }
    for (uint32_t i = 0; route->group_by_all && i < alert->count; i++) {
        labels_set(out, alert->items[i].name, alert->items[i].value);
    }
    for (uint32_t i = 0; !route->group_by_all && i < route->group_by_count; i++) {
        labels_set(out, route->group_by[i], labels_get(alert, route->group_by[i]));
    }
    labels_set(out, SLICE("project"), labels_get(alert, SLICE("project")));
    MUST(out->count <= room + 1);
    return true;
}

void route_group_key(const struct route *route, const struct labels *group, struct buffer *out)
{
    MUST(route->key.len >= 2); /* "{}" at least */
    buffer_add(out, route->key);
    buffer_byte(out, ':');
    labels_print(group, out);
}
