/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/api/api.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/http/api/routes.h"
#include "ingest/http/reply.h"
#include <openssl/crypto.h>
#include <stdlib.h>

/* An answer: 100 issues, or one event of EVENT_BYTES_MAX whose strings are all escaped. */
#define API_ANSWER_BYTES_MAX (16u << 20)

struct api *api_new(const struct api_options *options)
{
    /* An empty token would be everybody's. */
    MUST(options->token != NULL && options->token[0] != '\0');
    MUST(options->worker_count <= API_WORKERS_MAX && options->is_ready != NULL);
    MUST(options->symboliser != NULL);
    struct api *api = calloc(1, sizeof(*api));
    if (api == NULL) {
        return NULL;
    }
    api->options = *options;
    buffer_init(&api->buffer, API_ANSWER_BYTES_MAX);
    api->queries = queries_new(&options->redis, 0);
    api->pipeline = pipeline_new();
    if (api->queries == NULL || api->pipeline == NULL || !arena_init(&api->arena, SCRATCH_BYTES) ||
        !arena_init(&api->keep, JOB_BYTES)) {
        api_free(api);
        return NULL;
    }
    return api;
}

void api_free(struct api *api)
{
    if (api != NULL) {
        queries_free(api->queries);
        pipeline_free(api->pipeline);
        snapshot_release(api->snapshot);
        arena_done(&api->arena);
        arena_done(&api->keep);
        buffer_done(&api->buffer);
        free(api);
    }
}

/* "Bearer TOKEN", compared in constant time. */
static bool has_token(const struct api *api, const struct http_request *request)
{
    struct slice given = http_header(request, "authorization");
    struct slice expected = slice_str(api->options.token);
    MUST(expected.len > 0);
    if (!slice_eq_nocase(slice_head(given, 7), SLICE("bearer "))) {
        return false;
    }
    given = slice_trim(slice_from(given, 7));
    return given.len == expected.len && CRYPTO_memcmp(given.at, expected.at, given.len) == 0;
}

/* Its pipeline follows no rules: an event that is shown is not matched, nor counted, once more. */
static void follow(struct api *api)
{
    struct snapshot *newest = snapshot_current(api->options.box);
    MUST(newest != NULL);
    snapshot_release(api->snapshot);
    api->snapshot = newest;
}

static void answer(struct call *call, struct http_ticket *ticket)
{
    struct http_field field = {SLICE_INIT("link"), slice_str(call->link)};
    MUST(call->api->buffer.len > 0 || call->api->buffer.overflowed);
    if (call->api->buffer.overflowed) {
        reply_fault(ticket, fault_make(FAULT_INTERNAL, "the answer is larger than allowed"));
        return;
    }
    http_reply(ticket, &(struct http_answer){.status = call->status,
                                             .content_type = call->content_type,
                                             .body = buffer_slice(&call->api->buffer),
                                             .fields = &field,
                                             .field_count = call->link != NULL ? 1 : 0});
}

static void run(struct api *api, const struct api_route *route, struct call *call,
                struct http_ticket *ticket)
{
    follow(api);
    buffer_reset(&api->buffer);
    json_init(&call->json, &api->buffer);
    MUST(route->endpoint != NULL);
    struct fault fault = route->endpoint(call);
    if (fault_is(fault)) {
        reply_fault(ticket, fault);
    } else {
        answer(call, ticket);
    }
    arena_reset(&api->arena);
    arena_reset(&api->keep);
}

void api_on_request(void *data, struct http_request *request, struct http_ticket *ticket)
{
    struct api *api = data;
    struct call call = {
        .api = api, .request = request, .status = 200, .content_type = "application/json"};
    const char *allowed = NULL;
    const struct api_route *route =
        api_route_find(request->method, request->path, call.parts, &allowed);
    if (route == NULL && allowed != NULL) {
        reply_method(ticket, allowed);
    } else if (route == NULL) {
        reply_fault(ticket, fault_make(FAULT_NOT_FOUND, "no such endpoint"));
    } else if (route->needs_token && !has_token(api, request)) {
        reply_fault(ticket, fault_make(FAULT_UNAUTHORISED,
                                       "send `Authorization: Bearer TOKEN`; the token is in the "
                                       "file `token` of the data folder"));
    } else {
        run(api, route, &call, ticket);
    }
}
