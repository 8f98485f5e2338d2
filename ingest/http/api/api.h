/* SPDX-License-Identifier: Apache-2.0 */
/* api — the private listener: what people and their tools read, and the few things they change.
 *
 *   GET  /healthz /readyz /metrics                              no token
 *   GET  /api/0/projects/                                       bearer token, as all below
 *   GET  /api/0/projects/tocsin/{project}/issues/?query=&limit=&cursor=
 *   GET  /api/0/projects/tocsin/{project}/events/{event}/
 *   GET  /api/0/projects/tocsin/{project}/outcomes/?hours=
 *   GET  /api/0/issues/{issue}/                 PUT {"status":"resolved"}
 *   GET  /api/0/issues/{issue}/events/latest/
 *   GET  /api/0/tocsin/rules/?sort=time|evaluated|matched|errors|dead&limit=
 *
 * Shapes are Sentry's, so that tools written for it work. One thread of its own, which may wait for
 * Redis (a second at the most): so reads, however slow, never touch a worker. Rejected:
 * asynchronous reads on the workers' loops, where one large answer would delay events.
 */
#pragma once
#include "alerting/alerting.h"
#include "ingest/http/intake/intake.h"
#include "ingest/symbols/symboliser.h"
#include "storage/committer.h"
#include "storage/queries.h"

#define API_WORKERS_MAX 256u

struct api_options {
    struct loop *loop;
    struct snapshot_box *box; /* all borrowed; they outlive the API */
    struct journal *journal;
    struct committer *committer;
    struct alerting *alerting;
    struct symboliser *symboliser;
    struct redis_options redis;
    const char *token;
    const char *public_base; /* for DSNs */
    const struct intake_counters *intakes[API_WORKERS_MAX];
    const struct http_counters *intake_http[API_WORKERS_MAX];
    unsigned worker_count;
    uint64_t started_us; /* wall clock */
    bool (*is_ready)(void *context, char *why, size_t room);
    void *ready_context;
};

struct api;
struct api *api_new(const struct api_options *options); /* NULL without memory */
void api_free(struct api *api);

/* The on_request of the API's server: data is the api. */
void api_on_request(void *api, struct http_request *request, struct http_ticket *ticket);
