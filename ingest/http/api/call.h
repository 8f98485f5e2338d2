/* SPDX-License-Identifier: Apache-2.0 */
/* call — one API request being answered: what endpoints are given, and how they speak.
 *
 * An endpoint is one function and one row in routes.c. It writes its answer with `call->json` and
 * returns; a fault it returns instead becomes the error answer. Owner: the API's thread.
 */
#pragma once
#include "ingest/base/json.h"
#include "ingest/http/api/api.h"

#define CALL_PARTS_MAX 4u

struct api {
    struct api_options options;
    struct queries *queries;
    struct pipeline *pipeline;
    struct snapshot *snapshot; /* as of the call */
    struct arena arena;        /* reset after each call */
    struct arena keep;         /* of a pass run to show an event */
    struct buffer buffer;
};

struct call {
    struct api *api;
    const struct http_request *request;
    struct slice parts[CALL_PARTS_MAX]; /* what stood in the path for each `*` */
    struct json json;
    unsigned status;          /* 200 unless the endpoint says otherwise */
    const char *content_type; /* JSON unless the endpoint says otherwise */
    const char *link;         /* the Link field of a page; NULL: none */
};

typedef struct fault api_endpoint(struct call *call);

/* endpoints, one file each */
api_endpoint api_health, api_ready;                   /* health.c */
api_endpoint api_metrics;                             /* metrics.c */
api_endpoint api_projects;                            /* projects.c */
api_endpoint api_issues, api_issue, api_issue_update; /* issues.c */
api_endpoint api_merge, api_hashes, api_unmerge;      /* merge.c */
api_endpoint api_grouping;                            /* grouping.c */
api_endpoint api_event, api_latest_event;             /* events.c */
api_endpoint api_rules;                               /* rules.c */

api_endpoint api_outcomes; /* outcomes.c */

/* The value of query parameter `name`, percent-decoded; empty when absent. */
struct slice call_parameter(struct call *call, const char *name);

/* The project named by path part `index`; NULL when there is none. */
const struct project *call_project(const struct call *call, unsigned index);

/* Where the event is that path parts 0 (project) and 1 (id) name, and its issue. Faults: NOT_FOUND,
 * MALFORMED, and those of queries_event. */
MUST_USE struct fault call_event(const struct call *call, struct id *id, struct place *place,
                                 uint64_t *issue);

/* A decimal number from a path part or parameter; false when it is none. */
bool call_number(struct slice text, uint64_t *out);
