/* SPDX-License-Identifier: Apache-2.0 */
/* routes — which path of the public listener is whose. One row an endpoint.
 *
 * `*` takes a project's digits, `$` any segment (an event's id, a monitor's slug, a key). A path
 * may stand under a prefix ("/errors/api/1/envelope/"), as a DSN with a path asks for, and may lack
 * its last slash. Pure.
 */
#pragma once
#include "ingest/base/slice.h"
#include <stdint.h>

#define ROUTE_PARTS_MAX 2u

enum intake_route {
    ROUTE_NONE, /* 404 */
    ROUTE_ENVELOPE,
    ROUTE_STORE,
    ROUTE_SECURITY,
    ROUTE_NEL,
    ROUTE_MINIDUMP,
    ROUTE_ATTACHMENTS,
    ROUTE_CRON,
    ROUTE_HEALTH,
    ROUTE_READY,
    ROUTE_COUNT
};

struct route_hit {
    enum intake_route route;
    uint32_t project;                    /* 0: the path has none */
    struct slice parts[ROUTE_PARTS_MAX]; /* what stood for each `$`; they borrow the path */
    const char *methods;                 /* what the path takes, for Allow */
    bool takes_method;
};

struct route_hit route_find(struct slice method, struct slice path);
