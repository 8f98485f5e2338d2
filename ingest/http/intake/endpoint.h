/* SPDX-License-Identifier: Apache-2.0 */
/* endpoint — what is particular about each route: what a request of it becomes, and its answer.
 *
 *   route        record                    answer when kept
 *   envelope     as sent, or store         200 {"id":…}; {} without an event
 *   store        as sent; ?sentry_data=    200 {"id":…}; the GET pixel: a GIF
 *   security …   as sent                   200, empty
 *   minidump     as sent                   200, the id with dashes as text
 *   attachments  as sent, event_id         201, empty
 *   cron         as sent, the URL's words  202, empty
 *
 * One row a route (endpoint.c). Borrows the request until the copy into the job's arena.
 */
#pragma once
#include "ingest/decode/auth.h"
#include "ingest/http/intake/routes.h"
#include "ingest/http/server.h"
#include "ingest/job.h"

/* What the request presents as credentials. */
struct auth_sources endpoint_sources(const struct http_request *request,
                                     const struct route_hit *hit);

/* The page a request comes from: Origin, else Referer; empty for programs. */
struct slice endpoint_origin(const struct http_request *request);

/* Fills the job's record with copies, all but key and project: nothing of it points into HTTP
 * memory. UNSUPPORTED for a media type the route does not take; MALFORMED for a pixel without its
 * data. TOO_BIG shows in the arena. */
MUST_USE struct fault endpoint_record(struct job *job, const struct http_request *request,
                                      const struct route_hit *hit);

/* What requests of the route are counted in when they are refused whole. */
enum category endpoint_category(enum intake_route route);

/* Answers a job that is kept, or whose limits were reached (job->limits, job->is_limited). */
void endpoint_answer(const struct job *job);
