/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/taxonomy_security.h"
#include "ingest/base/must.h"
#include "rules/vocabulary.h"

#define STEM(name) (sizeof(name) - 1)

static void add(struct fields *fields, uint32_t field, struct slice text)
{
    if (text.len != 0) {
        fields_add_text(fields, field, text);
    }
}

/* Adds the first of `texts` that is not empty. */
static void add_first(struct fields *fields, uint32_t field, const struct slice *texts,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (texts[i].len != 0) {
            fields_add_text(fields, field, texts[i]);
            return;
        }
    }
}

struct slice taxonomy_header(const struct event *event, struct slice wanted)
{
    for (const struct value *at = value_first(event->request.headers); at != NULL; at = at->next) {
        const struct value *name = value_first(at);
        if (at->kind == VALUE_LIST && name != NULL && slice_eq_nocase(value_text(name), wanted)) {
            return value_text(name->next);
        }
        if (at->kind != VALUE_LIST && slice_eq_nocase(at->key, wanted)) {
            return value_text(at);
        }
    }
    return slice_of(NULL, 0);
}

void taxonomy_get_user_name(const struct event *event, struct slice name, struct fields *fields,
                            uint32_t field)
{
    (void)name;
    const struct slice found[] = {event->user.username,
                                  vocabulary_stated(event, SLICE("user.name")), event->user.email,
                                  event->user.id, vocabulary_of(event).subject};
    add_first(fields, field, found, sizeof(found) / sizeof(found[0]));
}

/* What a proxy says is what a client may have said: last, and only the nearest client. */
void taxonomy_get_source(const struct event *event, struct slice name, struct fields *fields,
                         uint32_t field)
{
    (void)name;
    const struct value *env = value_get(event->request.raw, SLICE("env"));
    struct slice forwarded = taxonomy_header(event, SLICE("x-forwarded-for"));
    const struct slice found[] = {
        event->user.ip_address,
        vocabulary_stated(event, SLICE("source.ip")),
        vocabulary_stated(event, SLICE("client.ip")),
        value_string(value_get(env, SLICE("REMOTE_ADDR"))),
        taxonomy_header(event, SLICE("x-real-ip")),
        slice_trim(slice_head(forwarded, slice_find(forwarded, ','))),
    };
    add_first(fields, field, found, sizeof(found) / sizeof(found[0]));
}

/* SDKs write user.geo as {country_code, region, city}; ECS calls them otherwise. */
void taxonomy_get_geo(const struct event *event, struct slice name, struct fields *fields,
                      uint32_t field)
{
    static const struct {
        struct slice ecs;
        struct slice sent;
    } parts[] = {{SLICE_INIT("country_iso_code"), SLICE_INIT("country_code")},
                 {SLICE_INIT("region_name"), SLICE_INIT("region")},
                 {SLICE_INIT("city_name"), SLICE_INIT("city")}};
    struct slice part = slice_from(name, STEM("source.geo."));
    const struct value *geo = value_get(event->user.raw, SLICE("geo"));
    struct slice found = value_text(value_get(geo, part));
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (slice_eq(part, parts[i].ecs)) {
            found = value_text(value_get(geo, parts[i].sent));
        }
    }
    add(fields, field, found.len != 0 ? found : vocabulary_stated(event, name));
}

void taxonomy_get_action(const struct event *event, struct slice name, struct fields *fields,
                         uint32_t field)
{
    (void)name;
    add(fields, field, vocabulary_of(event).action);
}

void taxonomy_get_stated(const struct event *event, struct slice name, struct fields *fields,
                         uint32_t field)
{
    add(fields, field, vocabulary_stated(event, name));
}

void taxonomy_get_status(const struct event *event, struct slice name, struct fields *fields,
                         uint32_t field)
{
    (void)name;
    const struct value *response = value_get(event->contexts, SLICE("response"));
    const struct slice found[] = {
        value_text(value_get(response, SLICE("status_code"))),
        vocabulary_stated(event, SLICE("http.response.status_code")),
        event_tag(event, SLICE("http.status_code")),
        event_tag(event, SLICE("status_code")),
    };
    add_first(fields, field, found, sizeof(found) / sizeof(found[0]));
}

/* ---- CSP reports: the raw report lies under `csp` ---- */

/* Where the two formats differ by more than their spelling. */
static const struct {
    struct slice part;
    struct slice reporting; /* of the Reporting API (CSP3 5.3) */
} csp_names[] = {
    {SLICE_INIT("document_uri"), SLICE_INIT("documentURL")},
    {SLICE_INIT("blocked_uri"), SLICE_INIT("blockedURL")},
    {SLICE_INIT("effective_directive"), SLICE_INIT("effectiveDirective")},
    {SLICE_INIT("violated_directive"), SLICE_INIT("effectiveDirective")},
    {SLICE_INIT("original_policy"), SLICE_INIT("originalPolicy")},
    {SLICE_INIT("source_file"), SLICE_INIT("sourceFile")},
    {SLICE_INIT("line_number"), SLICE_INIT("lineNumber")},
    {SLICE_INIT("line"), SLICE_INIT("lineNumber")},
    {SLICE_INIT("column_number"), SLICE_INIT("columnNumber")},
    {SLICE_INIT("status_code"), SLICE_INIT("statusCode")},
    {SLICE_INIT("script_sample"), SLICE_INIT("sample")},
    {SLICE_INIT("sample"), SLICE_INIT("script-sample")},
};

static const struct value *csp_member(const struct value *report, struct slice part)
{
    char dashed[64];
    const struct value *value = value_get(report, part);
    for (size_t i = 0; i < part.len && i < sizeof(dashed); i++) {
        dashed[i] = part.at[i] == '_' ? '-' : part.at[i];
    }
    if (value == NULL && part.len <= sizeof(dashed)) {
        value = value_get(report, slice_of(dashed, part.len));
    }
    for (size_t i = 0; value == NULL && i < sizeof(csp_names) / sizeof(csp_names[0]); i++) {
        if (slice_eq(part, csp_names[i].part)) {
            value = value_get(report, csp_names[i].reporting);
        }
    }
    return value;
}

void taxonomy_get_csp(const struct event *event, struct slice name, struct fields *fields,
                      uint32_t field)
{
    struct slice part = slice_from(name, STEM("csp."));
    const struct value *report = value_get(event->root, SLICE("csp"));
    const struct value *body = value_get(report, SLICE("csp-report"));
    if (body == NULL) {
        body = value_get(report, SLICE("body"));
    }
    const struct value *value = csp_member(body != NULL ? body : report, part);
    MUST(part.len < name.len);
    if (value != NULL) {
        fields_add_value(fields, field, value);
    }
}

/* ---- requests with their escapes undone ---- */

void taxonomy_get_decoded(const struct event *event, struct slice name, struct fields *fields,
                          uint32_t field)
{
    const struct decoded *decoded = &event->request.decoded;
    (void)name;
    add(fields, field, decoded->path);
    add(fields, field, decoded->query);
    add(fields, field, decoded->body);
    add(fields, field, decoded->headers);
}
