/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/config_route.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"

#define ROUTE_KEY_BYTES_MAX 65536u /* matchers of ROUTE_DEPTH_MAX levels, printed */

static const char *const keys[] = {"receiver",   "group_by",       "matchers",        "continue",
                                   "group_wait", "group_interval", "repeat_interval", "routes"};

static const struct duration_bounds wait_bounds = {0, INT64_C(86400000000), "from 0s to 1d"};
static const struct duration_bounds interval_bounds = {INT64_C(1000000), INT64_C(2592000000000),
                                                       "from 1s to 30d"};

/* A route whose `routes` are yet to be read. */
struct pending {
    struct pending *next;
    struct route *parent;
    const struct value *children;
};

struct builder {
    const struct config_routes *routes;
    struct reading *reading;
    struct pending *first;
    uint32_t count;
};

static void read_matcher(struct builder *b, struct route *route, const struct value *item)
{
    struct matcher_error error = {.offset = 0};
    if (!value_is(item, VALUE_STRING)) {
        reading_error(b->reading, item, "a matcher is a text such as 'severity=\"critical\"'");
        return;
    }
    if (!matchers_parse(&route->matchers, item->of.text, b->reading->arena, &error)) {
        reading_error(b->reading, item, "%s (character %zu)", error.message, error.offset + 1);
    }
}

static void read_matchers(struct builder *b, struct route *route, const struct value *map)
{
    const struct value *list = value_get(map, SLICE("matchers"));
    route->matchers.items = ARENA_ARRAY(b->reading->arena, MATCHERS_MAX, struct matcher);
    if (list == NULL || route->matchers.items == NULL) {
        return;
    }
    if (route->parent == NULL) {
        reading_error(b->reading, list, "the topmost route takes all; put 'matchers' on a child");
        return;
    }
    if (!value_is(list, VALUE_LIST)) {
        reading_error(b->reading, list, "'matchers' is a list: ['severity=\"critical\"']");
        return;
    }
    for (const struct value *item = value_first(list); item != NULL; item = item->next) {
        read_matcher(b, route, item);
    }
    matchers_sort(&route->matchers);
}

static bool is_listed(const struct route *route, struct slice name)
{
    for (uint32_t i = 0; i < route->group_by_count; i++) {
        if (slice_eq(route->group_by[i], name)) {
            return true;
        }
    }
    return false;
}

static void read_group_label(struct builder *b, struct route *route, const struct value *item,
                             bool is_alone)
{
    struct slice name = value_text(item);
    if (slice_eq(name, SLICE("..."))) {
        route->group_by_all = true;
        if (!is_alone) {
            reading_error(b->reading, item, "'...' means all labels and stands alone");
        }
        return;
    }
    if (!labels_name_is_valid(name)) {
        reading_error(b->reading, item, "'group_by' lists label names, or '...' for all");
        return;
    }
    if (is_listed(route, name)) {
        reading_error(b->reading, item, "'%.*s' stands here twice", SLICE_ARG(name));
        return;
    }
    route->group_by[route->group_by_count++] = arena_copy(b->reading->arena, name);
}

static void read_group_by(struct builder *b, struct route *route, const struct value *map)
{
    const struct value *list = value_get(map, SLICE("group_by"));
    if (list == NULL) {
        return;
    }
    if (!value_is(list, VALUE_LIST) || list->count > ALERT_LABELS_MAX) {
        reading_error(b->reading, list, "'group_by' is a list of at most %u label names",
                      ALERT_LABELS_MAX);
        return;
    }
    route->group_by_all = false;
    route->group_by_count = 0;
    route->group_by = ARENA_ARRAY(b->reading->arena, list->count + 1, struct slice);
    for (const struct value *item = value_first(list); item != NULL && route->group_by != NULL;
         item = item->next) {
        read_group_label(b, route, item, list->count == 1);
    }
}

static void read_receiver(struct builder *b, struct route *route, const struct value *map)
{
    struct slice name = {NULL, 0};
    const struct value *at = value_get(map, SLICE("receiver"));
    reading_text(b->reading, map, "receiver", &name);
    if (slice_is_empty(name)) {
        if (route->parent == NULL && at == NULL) {
            reading_error(b->reading, map, "the topmost route needs a 'receiver'");
        }
        return;
    }
    uint32_t index = b->routes->find_receiver(b->routes->context, name);
    if (index == UINT32_MAX) {
        reading_error(b->reading, at, "no receiver is called '%.*s'; add it to 'receivers'",
                      SLICE_ARG(name));
        return;
    }
    route->receiver = index;
}

static void read_continue(struct builder *b, struct route *route, const struct value *map)
{
    reading_bool(b->reading, map, "continue", &route->continues);
    if (route->parent == NULL && route->continues) {
        reading_error(b->reading, value_get(map, SLICE("continue")),
                      "there is nothing after the topmost route to continue to");
    }
}

static void name_route(struct builder *b, struct route *route)
{
    struct buffer key;
    buffer_init(&key, ROUTE_KEY_BYTES_MAX);
    if (route->parent != NULL) {
        buffer_add(&key, route->parent->key);
        buffer_byte(&key, '/');
    }
    matchers_print(&route->matchers, &key);
    if (key.overflowed) {
        problem_error(b->reading->problems, b->reading->file, 0, 0,
                      "the matchers of one route and those above it have over %u bytes",
                      ROUTE_KEY_BYTES_MAX);
        buffer_reset(&key);
        buffer_add(&key, SLICE("{}"));
    }
    route->key = arena_copy(b->reading->arena, buffer_slice(&key));
    buffer_done(&key);
}

static void postpone(struct builder *b, struct route *parent, const struct value *map)
{
    const struct value *list = value_get(map, SLICE("routes"));
    struct pending *pending = NULL;
    if (list == NULL) {
        return;
    }
    if (!value_is(list, VALUE_LIST)) {
        reading_error(b->reading, list, "'routes' is a list of routes");
        return;
    }
    if (list->count != 0 && parent->depth == ROUTE_DEPTH_MAX) {
        reading_error(b->reading, list, "routes nest at most %u deep", ROUTE_DEPTH_MAX);
        return;
    }
    pending = ARENA_NEW(b->reading->arena, struct pending);
    if (pending != NULL) {
        *pending = (struct pending){.next = b->first, .parent = parent, .children = list};
        b->first = pending;
    }
}

/* Reads one route without its children; NULL when it is none, or one too many. */
static struct route *read_route(struct builder *b, struct route *parent, const struct value *map)
{
    struct route *route = NULL;
    if (!reading_map(b->reading, map, "a route", keys, sizeof(keys) / sizeof(keys[0]))) {
        return NULL;
    }
    if (b->count == ROUTES_MAX) {
        reading_error(b->reading, map, "there are more than %u routes", ROUTES_MAX);
        return NULL;
    }
    route = ARENA_NEW(b->reading->arena, struct route);
    if (route == NULL) {
        return NULL;
    }
    if (parent != NULL) { /* settings are inherited, the place in the tree is not */
        *route = *parent;
        route->matchers = (struct matchers){0};
        route->first_child = NULL;
        route->next = NULL;
        route->continues = false;
    } else {
        *route = (struct route){.group_by_all = true,
                                .group_wait_us = ROUTE_GROUP_WAIT_US,
                                .group_interval_us = ROUTE_GROUP_INTERVAL_US,
                                .repeat_interval_us = ROUTE_REPEAT_INTERVAL_US};
    }
    route->parent = parent;
    route->index = b->count++;
    route->depth = parent != NULL ? parent->depth + 1 : 1;
    MUST(route->depth <= ROUTE_DEPTH_MAX);
    read_receiver(b, route, map);
    read_matchers(b, route, map);
    read_group_by(b, route, map);
    read_continue(b, route, map);
    reading_duration(b->reading, map, "group_wait", &wait_bounds, &route->group_wait_us);
    reading_duration(b->reading, map, "group_interval", &interval_bounds,
                     &route->group_interval_us);
    reading_duration(b->reading, map, "repeat_interval", &interval_bounds,
                     &route->repeat_interval_us);
    name_route(b, route);
    postpone(b, route, map);
    return route;
}

static void read_children(struct builder *b, const struct pending *pending)
{
    struct route **end = &pending->parent->first_child;
    MUST(*end == NULL);
    for (const struct value *item = value_first(pending->children); item != NULL;
         item = item->next) {
        struct route *route = read_route(b, pending->parent, item);
        if (b->count == ROUTES_MAX && route == NULL) {
            return;
        }
        if (route != NULL) {
            *end = route;
            end = &route->next;
        }
    }
}

struct route *config_route_read(const struct value *value, const struct config_routes *routes)
{
    struct builder b = {.routes = routes, .reading = routes->reading};
    struct route *root = read_route(&b, NULL, value);
    while (b.first != NULL) {
        struct pending *pending = b.first;
        b.first = pending->next;
        read_children(&b, pending);
    }
    return root;
}

void config_route_done(struct route *root)
{
    struct route *route = root;
    while (route != NULL) {
        matchers_done(&route->matchers);
        if (route->first_child != NULL) {
            route = route->first_child;
            continue;
        }
        while (route != NULL && route->next == NULL) {
            route = route->parent;
        }
        route = route != NULL ? route->next : NULL;
    }
}
