/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/taxonomy.h"
#include "ingest/base/must.h"
#include "rules/render.h"
#include "rules/taxonomy_security.h"

#define STEM(name) (sizeof(name) - 1) /* bytes of a row's name that stands for many */

static void add(struct fields *fields, uint32_t field, struct slice text)
{
    if (text.len != 0) {
        fields_add_text(fields, field, text);
    }
}

/* ---- single fields of struct event ---- */

#define GET(function, expression)                                                                  \
    static void function(const struct event *event, struct slice name, struct fields *fields,      \
                         uint32_t field)                                                           \
    {                                                                                              \
        (void)name;                                                                                \
        add(fields, field, expression);                                                            \
    }

GET(get_message, event->formatted.len != 0 ? event->formatted : event->message)
GET(get_template, event->message)
GET(get_platform, event->platform)
GET(get_logger, event->logger)
GET(get_transaction, event->transaction)
GET(get_culprit, event->culprit)
GET(get_title, event->title)
GET(get_host, event->server_name)
GET(get_release, event->release)
GET(get_environment, event->environment)
GET(get_sdk_name, event->sdk_name)
GET(get_sdk_version, event->sdk_version)
GET(get_level, slice_str(level_name(event->level)))
GET(get_user_id, event->user.id)
GET(get_username, event->user.username)
GET(get_user_email, event->user.email)
GET(get_user_ip, event->user.ip_address)
GET(get_country_code, event->user.place.country_code)
GET(get_country, event->user.place.country)
GET(get_region, event->user.place.region)
GET(get_city, event->user.place.city)
GET(get_as_name, event->user.place.as_name)
GET(get_method, event->request.method)
GET(get_query, event->request.query_string)
GET(get_url, event->request.url)
GET(get_body, value_text(event->request.data))

/* "50.1109,8.6821": latitude and longitude, as ECS writes a point. */
static void get_location(const struct event *event, struct slice name, struct fields *fields,
                         uint32_t field)
{
    const struct geo_place *place = &event->user.place;
    (void)name;
    if (place->has_location) {
        add(fields, field,
            arena_printf(fields->arena, "%.4f,%.4f", place->latitude, place->longitude));
    }
}

static void get_as_number(const struct event *event, struct slice name, struct fields *fields,
                          uint32_t field)
{
    (void)name;
    if (event->user.place.as_number != 0) {
        add(fields, field, arena_printf(fields->arena, "%u", event->user.place.as_number));
    }
}

/* The URL with its query: what was asked for, on one line. */
static struct slice full_url(const struct event *event, struct fields *fields, struct slice start)
{
    const struct slice parts[] = {start, SLICE("?"), event->request.query_string};
    return event->request.query_string.len == 0 ? start : arena_concat(fields->arena, parts, 3);
}

/* From the slash after the host on; all of it when there is no host. */
static struct slice path_of(struct slice url)
{
    size_t colon = slice_search(url, SLICE("://"));
    struct slice rest = colon == url.len ? url : slice_from(url, colon + 3);
    return colon == url.len ? rest : slice_from(rest, slice_find(rest, '/'));
}

GET(get_full_url, full_url(event, fields, event->request.url))

/* As it was sent, and as it was meant when that differs. */
static void get_path(const struct event *event, struct slice name, struct fields *fields,
                     uint32_t field)
{
    struct slice path = path_of(event->request.url);
    (void)name;
    add(fields, field, path);
    if (!slice_eq(path, event->request.decoded.path)) {
        add(fields, field, event->request.decoded.path);
    }
}

GET(get_path_decoded, event->request.decoded.path)
GET(get_query_decoded, event->request.decoded.query)
GET(get_body_decoded, event->request.decoded.body)
GET(get_headers_decoded, event->request.decoded.headers)
GET(get_unquoted, event->request.decoded.unquoted)

/* Sigma's web rules look for paths in cs-uri-query too: path and query together. */
GET(get_uri_query, full_url(event, fields, path_of(event->request.url)))

GET(get_user_agent, taxonomy_header(event, SLICE("user-agent")))
GET(get_referrer, taxonomy_header(event, SLICE("referer")))
GET(get_host_header, taxonomy_header(event, SLICE("host")))
GET(get_cookie, taxonomy_header(event, SLICE("cookie")))
GET(get_header, taxonomy_header(event, slice_from(name, STEM("http.request.headers."))))
GET(get_tag, event_tag(event, slice_from(name, slice_find(name, '.') + 1)))

/* ---- fields of every exception ---- */

#define GET_EACH(function, expression)                                                             \
    static void function(const struct event *event, struct slice name, struct fields *fields,      \
                         uint32_t field)                                                           \
    {                                                                                              \
        (void)name;                                                                                \
        for (uint32_t i = 0; i < event->exception_count; i++) {                                    \
            const struct exception *exception = &event->exceptions[i];                             \
            add(fields, field, expression);                                                        \
        }                                                                                          \
    }

static struct slice qualified(const struct exception *exception, struct fields *fields)
{
    const struct slice parts[] = {exception->module, SLICE("."), exception->type};
    return exception->module.len == 0 ? exception->type : arena_concat(fields->arena, parts, 3);
}

static struct slice handled(const struct exception *exception)
{
    return exception->handled == YES  ? SLICE("true")
           : exception->handled == NO ? SLICE("false")
                                      : slice_of(NULL, 0);
}

GET_EACH(get_type, exception->type)
GET_EACH(get_value, exception->value)
GET_EACH(get_module, exception->module)
GET_EACH(get_qualified, qualified(exception, fields))
GET_EACH(get_handled, handled(exception))
GET_EACH(get_mechanism, exception->mechanism_type)
GET_EACH(get_stack, render_frames(fields->arena, &exception->stacktrace))

/* ---- fields of every frame ---- */

static struct slice frame_part(const struct frame *frame, struct slice part)
{
    if (slice_eq(part, SLICE("module"))) {
        return frame->module;
    }
    if (slice_eq(part, SLICE("function"))) {
        return frame->function;
    }
    if (slice_eq(part, SLICE("file"))) {
        return frame->filename.len != 0 ? frame->filename : frame->abs_path;
    }
    return slice_of(NULL, 0);
}

static void get_frames(const struct event *event, struct slice name, struct fields *fields,
                       uint32_t field)
{
    struct slice part = slice_from(name, STEM("error.frames."));
    for (uint32_t i = 0; i < event->exception_count; i++) {
        const struct stacktrace *stacktrace = &event->exceptions[i].stacktrace;
        for (uint32_t j = 0; j < stacktrace->count; j++) {
            add(fields, field, frame_part(&stacktrace->frames[j], part));
        }
    }
}

static const struct taxonomy_row rows[] = {
    {"message", get_message},
    {"logentry.message", get_template},
    {"logentry.formatted", get_message},
    {"platform", get_platform},
    {"log.logger", get_logger},
    {"log.level", get_level},
    {"level", get_level},
    {"event.level", get_level},
    {"transaction.name", get_transaction},
    {"error.culprit", get_culprit},
    {"culprit", get_culprit},
    {"title", get_title},
    {"host.name", get_host},
    {"server.name", get_host},
    {"service.version", get_release},
    {"service.environment", get_environment},
    {"environment", get_environment},
    {"sdk.name", get_sdk_name},
    {"sdk.version", get_sdk_version},
    {"error.type", get_type},
    {"error.message", get_value},
    {"error.module", get_module},
    {"error.qualified", get_qualified},
    {"error.handled", get_handled},
    {"error.mechanism", get_mechanism},
    {"error.stack", get_stack},
    {"error.stack_trace", get_stack},
    {"error.frames.", get_frames},
    {"exception.type", get_type},
    {"exception.value", get_value},
    {"exception.values.type", get_type},
    {"exception.values.value", get_value},
    {"exception.values.module", get_module},
    {"user.id", get_user_id},
    {"user.name", taxonomy_get_user_name},
    {"user.username", get_username},
    {"user.email", get_user_email},
    {"user.ip_address", get_user_ip},
    {"user.geo.country_code", get_country_code},
    {"user.geo.region", get_country}, /* so Sentry calls it */
    {"user.geo.subdivision", get_region},
    {"user.geo.city", get_city},
    {"source.geo.country_iso_code", get_country_code},
    {"source.geo.country_name", get_country},
    {"source.geo.region_name", get_region},
    {"source.geo.city_name", get_city},
    {"source.geo.location", get_location},
    {"source.as.number", get_as_number},
    {"source.as.organization.name", get_as_name},
    {"source.ip", taxonomy_get_source},
    {"client.ip", taxonomy_get_source},
    {"c-ip", taxonomy_get_source},
    {"src_ip", taxonomy_get_source},
    {"cs-username", taxonomy_get_user_name},
    {"http.request.method", get_method},
    {"cs-method", get_method},
    {"url.full", get_full_url},
    {"url.original", get_full_url},
    {"c-uri", get_full_url},
    {"url.path", get_path},
    {"cs-uri-stem", get_path},
    {"url.query", get_query},
    {"c-uri-query", get_query},
    {"cs-uri-query", get_uri_query},
    {"cs-uri", get_uri_query},
    {"request.url", get_url},
    {"http.request.body.content", get_body},
    {"url.path_decoded", get_path_decoded},
    {"url.query_decoded", get_query_decoded},
    {"http.request.body.decoded", get_body_decoded},
    {"http.request.headers_decoded", get_headers_decoded},
    {"http.request.decoded", taxonomy_get_decoded},
    {"http.request.unquoted", get_unquoted},
    {"http.request.headers.", get_header},
    {"user_agent.original", get_user_agent},
    {"c-useragent", get_user_agent},
    {"cs-user-agent", get_user_agent},
    {"http.request.referrer", get_referrer},
    {"cs-referer", get_referrer},
    {"cs-referrer", get_referrer},
    {"cs-host", get_host_header},
    {"r-dns", get_host_header},
    {"url.domain", get_host_header},
    {"cs-cookie", get_cookie},
    {"http.response.status_code", taxonomy_get_status},
    {"sc-status", taxonomy_get_status},
    {"tags.", get_tag},
    {"labels.", get_tag},
    {"csp.", taxonomy_get_csp},
    {"source.geo.", taxonomy_get_geo},
    {"event.action", taxonomy_get_action},
    {"event.category", taxonomy_get_stated},
    {"event.outcome", taxonomy_get_stated},
    {"event.reason", taxonomy_get_stated},
    {"event.dataset", taxonomy_get_stated},
    {"session.id", taxonomy_get_stated},
    {"token.id", taxonomy_get_stated},
    {"auth.method", taxonomy_get_stated},
    {"file.name", taxonomy_get_stated},
};

const struct taxonomy_row *taxonomy_find(struct slice name)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice row = slice_str(rows[i].name);
        bool is_stem = slice_ends(row, SLICE("."));
        if (is_stem ? slice_starts(name, row) && name.len > row.len : slice_eq(name, row)) {
            return &rows[i];
        }
    }
    return NULL;
}

void taxonomy_add(const struct taxonomy_row *row, const struct event *event, struct slice name,
                  struct fields *fields, uint32_t field)
{
    MUST(row != NULL && field != FIELD_KEYWORDS);
    row->get(event, name, fields, field);
}

void taxonomy_add_text(const struct event *event, struct fields *fields)
{
    struct slice text = render_event(fields->arena, event);
    if (text.len != 0) {
        fields_add_text(fields, FIELD_KEYWORDS, text);
    }
}
