/* SPDX-License-Identifier: Apache-2.0 */
/* routes — which path of the API is whose. One row an endpoint (routes.c). Pure. */
#pragma once
#include "ingest/http/api/call.h"

struct api_route {
    const char *method;
    const char *pattern; /* `*` takes one segment; without the last slash */
    api_endpoint *endpoint;
    bool needs_token;
};

/* NULL when no row fits; then `*out_allowed` names the methods the path takes, or is NULL when
 * there is no such path. Fills `parts`, which borrow `path`. */
const struct api_route *api_route_find(struct slice method, struct slice path,
                                       struct slice parts[static CALL_PARTS_MAX],
                                       const char **out_allowed);
