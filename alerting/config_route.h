/* SPDX-License-Identifier: Apache-2.0 */
/* config_route — reads the `route` of the configuration into a tree.
 *
 * With its own work list instead of recursion: how deep a file nests is the file's affair, not that
 * of the thread's stack.
 */
#pragma once
#include "alerting/deliver/reading.h"
#include "alerting/policy/route.h"

/* Index of the receiver with this name; UINT32_MAX when there is none. */
typedef uint32_t config_find_receiver_fn(const void *context, struct slice name);

struct config_routes {
    struct reading *reading;
    config_find_receiver_fn *find_receiver;
    const void *context;
};

/* Gives the root, in the reading's arena, also when there were problems (they are in the reading);
 * NULL when `value` is no route at all. Free its regular expressions with config_route_done. */
struct route *config_route_read(const struct value *value, const struct config_routes *routes);

void config_route_done(struct route *root); /* NULL is fine */
