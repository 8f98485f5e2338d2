/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/intake/endpoint.h"
#include "ingest/base/must.h"
#include "ingest/decode/percent.h"
#include "ingest/http/reply.h"
#include <stdio.h>

enum shape { SHAPE_ID, SHAPE_EMPTY, SHAPE_DASHED, SHAPE_PIXEL };

static const struct row {
    enum record_kind kind;
    enum category category;
    enum shape shape;
    unsigned status;
    bool reports; /* takes browsers' media types only */
} rows[ROUTE_COUNT] = {
    [ROUTE_ENVELOPE] = {RECORD_ENVELOPE, CATEGORY_ERROR, SHAPE_ID, 200, false},
    [ROUTE_STORE] = {RECORD_STORE, CATEGORY_ERROR, SHAPE_ID, 200, false},
    [ROUTE_SECURITY] = {RECORD_SECURITY, CATEGORY_SECURITY, SHAPE_EMPTY, 200, true},
    [ROUTE_NEL] = {RECORD_SECURITY, CATEGORY_SECURITY, SHAPE_EMPTY, 200, true},
    [ROUTE_MINIDUMP] = {RECORD_MINIDUMP, CATEGORY_ERROR, SHAPE_DASHED, 200, false},
    [ROUTE_ATTACHMENTS] = {RECORD_ATTACHMENTS, CATEGORY_ATTACHMENT, SHAPE_EMPTY, 201, false},
    [ROUTE_CRON] = {RECORD_CHECK_IN, CATEGORY_MONITOR, SHAPE_EMPTY, 202, false},
};

static const struct row *row_of(unsigned route)
{
    MUST(route < ROUTE_COUNT && rows[route].status != 0);
    return &rows[route];
}

enum category endpoint_category(enum intake_route route)
{
    return row_of(route)->category;
}

struct auth_sources endpoint_sources(const struct http_request *request,
                                     const struct route_hit *hit)
{
    return (struct auth_sources){.x_sentry_auth = http_header(request, "x-sentry-auth"),
                                 .authorization = http_header(request, "authorization"),
                                 .query = request->query,
                                 .path_key =
                                     hit->route == ROUTE_CRON ? hit->parts[1] : slice_of(NULL, 0),
                                 .project = hit->project};
}

struct slice endpoint_origin(const struct http_request *request)
{
    struct slice origin = http_header(request, "origin");
    return origin.len != 0 ? origin : http_header(request, "referer");
}

/* ---- the record ---- */

static struct slice query_value(struct slice query, struct slice wanted)
{
    struct slice name;
    struct slice value;
    while (percent_next_pair(&query, '&', &name, &value)) {
        if (slice_eq(name, wanted)) {
            return value;
        }
    }
    return slice_of(NULL, 0);
}

/* "text/plain; charset=utf-8" is of type text/plain. */
static bool is_media(struct slice content_type, const struct slice *types, size_t count)
{
    struct slice type = slice_trim(slice_head(content_type, slice_find(content_type, ';')));
    for (size_t i = 0; i < count; i++) {
        if (slice_eq_nocase(type, types[i])) {
            return true;
        }
    }
    return false;
}

static bool is_report(struct slice content_type)
{
    static const struct slice types[] = {SLICE_INIT("application/json"),
                                         SLICE_INIT("application/csp-report"),
                                         SLICE_INIT("application/reports+json"),
                                         SLICE_INIT("application/expect-ct-report"),
                                         SLICE_INIT("application/expect-ct-report+json"),
                                         SLICE_INIT("application/expect-staple-report")};
    return is_media(content_type, types, sizeof(types) / sizeof(types[0]));
}

static bool is_envelope(struct slice content_type)
{
    static const struct slice type = SLICE_INIT("application/x-sentry-envelope");
    return is_media(content_type, &type, 1);
}

/* Appends name=value, the value as it stood in the URL. */
static struct slice add_parameter(struct arena *keep, struct slice so_far, struct slice name,
                                  struct slice value)
{
    const struct slice parts[] = {so_far, so_far.len != 0 ? SLICE("&") : SLICE(""), name,
                                  SLICE("="), slice_head(value, 512)};
    return value.len != 0 ? arena_concat(keep, parts, 5) : so_far;
}

/* What of the URL and the header fields the pass will need (storage/record.h). */
static struct slice parameters(struct arena *keep, const struct http_request *request,
                               const struct route_hit *hit)
{
    static const struct slice of_query[] = {
        SLICE_INIT("sentry_release"), SLICE_INIT("sentry_environment"), SLICE_INIT("status"),
        SLICE_INIT("check_in_id"),    SLICE_INIT("environment"),        SLICE_INIT("duration")};
    struct slice made = slice_of(NULL, 0);
    if (hit->route == ROUTE_ENVELOPE || hit->route == ROUTE_STORE) {
        return made;
    }
    for (size_t i = 0; i < sizeof(of_query) / sizeof(of_query[0]); i++) {
        made = add_parameter(keep, made, of_query[i], query_value(request->query, of_query[i]));
    }
    if (hit->route == ROUTE_CRON) {
        made = add_parameter(keep, made, SLICE("monitor_slug"), hit->parts[0]);
    } else if (hit->route == ROUTE_ATTACHMENTS) {
        made = add_parameter(keep, made, SLICE("event_id"), hit->parts[0]);
    }
    return add_parameter(keep, made, SLICE("origin"), http_header(request, "origin"));
}

/* The pixel's event is in the URL. */
static struct fault pixel(struct arena *keep, const struct http_request *request,
                          struct record *record)
{
    struct slice data = query_value(request->query, SLICE("sentry_data"));
    if (data.len == 0) {
        return fault_make(FAULT_MALFORMED, "store: no sentry_data in the URL");
    }
    data = percent_decode(keep, data, false); /* a '+' is one of base64's digits */
    record->body = arena_copy(keep, data);
    record->content_encoding = slice_of(NULL, 0);
    return FAULT_OK;
}

struct fault endpoint_record(struct job *job, const struct http_request *request,
                             const struct route_hit *hit)
{
    struct arena *keep = &job->keep;
    struct slice type = http_header(request, "content-type");
    bool is_get = slice_eq(request->method, SLICE("GET"));
    if (row_of(hit->route)->reports && !is_report(type)) {
        return fault_make(FAULT_UNSUPPORTED, "a report's media type is application/csp-report, "
                                             "application/reports+json or application/json");
    }
    bool is_wrapped = hit->route == ROUTE_STORE && is_envelope(type);
    job->entry.record = (struct record){
        .kind = is_wrapped ? RECORD_ENVELOPE : row_of(hit->route)->kind,
        .address = arena_copy(keep, request->address),
        .content_type = arena_copy(keep, slice_head(type, 256)),
        .content_encoding =
            arena_copy(keep, slice_head(http_header(request, "content-encoding"), 64)),
        .user_agent = arena_copy(keep, slice_head(http_header(request, "user-agent"), 512)),
        .parameters = parameters(keep, request, hit),
        .body = is_get ? slice_of(NULL, 0) : arena_copy(keep, request->body),
    };
    job->route = hit->route;
    job->is_pixel = is_get && hit->route == ROUTE_STORE;
    return job->is_pixel ? pixel(keep, request, &job->entry.record) : FAULT_OK;
}

/* ---- the answer ---- */

/* The smallest GIF: one pixel, transparent. */
static const char gif[] = "GIF89a\1\0\1\0\200\0\0\0\0\0\377\377\377!\371\4\1\0\0\0\0,\0\0\0\0\1\0\1"
                          "\0\0\2\1D\0;";

static struct slice id_json(struct id id, char room[static 64])
{
    char hex[ID_HEX_BYTES + 1];
    if (id_is_none(id)) {
        return SLICE("{}");
    }
    id_format(id, hex);
    int length = snprintf(room, 64, "{\"id\":\"%s\"}", hex);
    return slice_of(room, (size_t)length);
}

static struct slice id_dashed(struct id id, char room[static 64])
{
    char hex[ID_HEX_BYTES + 1];
    id_format(id, hex);
    int length =
        snprintf(room, 64, "%.8s-%.4s-%.4s-%.4s-%s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
    return slice_of(room, (size_t)length);
}

void endpoint_answer(const struct job *job)
{
    const struct row *row = row_of(job->route);
    enum shape shape = job->is_pixel ? SHAPE_PIXEL : row->shape;
    char room[64];
    struct http_answer answer = {.status = row->status};
    if (shape == SHAPE_ID) {
        answer.content_type = "application/json";
        answer.body = id_json(job->event_id, room);
    } else if (shape == SHAPE_DASHED) {
        answer.content_type = "text/plain; charset=utf-8";
        answer.body = id_dashed(job->event_id, room);
    } else if (shape == SHAPE_PIXEL) {
        answer.content_type = "image/gif";
        answer.body = slice_of(gif, sizeof(gif) - 1);
    }
    /* Programs that report by URL know nothing of limits. */
    if (job->is_limited && job->route != ROUTE_CRON) {
        reply_limited(job->ticket, job->limits, job->retry_after_s);
        return;
    }
    reply_kept(job->ticket, &answer, job->limits);
}
