/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/http/api/call.h"

struct fault api_health(struct call *call)
{
    call->content_type = "text/plain; charset=utf-8";
    buffer_add(&call->api->buffer, SLICE("ok\n"));
    return FAULT_OK;
}

struct fault api_ready(struct call *call)
{
    char why[512] = "ready\n";
    const struct api_options *options = &call->api->options;
    call->content_type = "text/plain; charset=utf-8";
    MUST(options->is_ready != NULL);
    call->status = options->is_ready(options->ready_context, why, sizeof(why)) ? 200 : 503;
    buffer_add(&call->api->buffer, slice_str(why));
    return FAULT_OK;
}
