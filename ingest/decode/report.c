/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/report.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "ingest/decode/percent.h"
#include "ingest/decode/report_inside.h"
#include <inttypes.h>

/* An element of the Reporting API, by its type. */
static const struct {
    struct slice type;
    report_fn *make;
    bool whole; /* wants the element, not its body */
} types[] = {
    {SLICE_INIT("csp-violation"), report_csp, false},
    {SLICE_INIT("csp"), report_csp, false},
    {SLICE_INIT("network-error"), report_nel, true},
};

/* A report of its own, by the member it lies under. */
static const struct {
    struct slice member;
    report_fn *make;
    bool whole; /* the member only tells: the report is around it */
} wrappers[] = {
    {SLICE_INIT("csp-report"), report_csp, false},
    {SLICE_INIT("expect-ct-report"), report_ct, false},
    {SLICE_INIT("expect-staple-report"), report_staple, false},
    {SLICE_INIT("known-pins"), report_hpkp, true},
};

struct slice report_host(struct slice url)
{
    size_t mark = slice_search(url, SLICE("://"));
    struct slice host = slice_from(url, mark + 3);
    size_t end = 0;
    while (end < host.len && memchr("/?#", host.at[end], 3) == NULL) {
        end++;
    }
    return mark == url.len ? slice_of(NULL, 0) : slice_head(host, end);
}

static void add_header(struct arena *arena, struct value *headers, const char *name,
                       struct slice text)
{
    struct value *pair = text.len != 0 && headers != NULL ? value_new(arena, VALUE_LIST) : NULL;
    struct value *key = pair != NULL ? value_new_string(arena, slice_str(name)) : NULL;
    struct value *value = key != NULL ? value_new_string(arena, text) : NULL;
    if (value != NULL) {
        value_append(pair, slice_of(NULL, 0), key);
        value_append(pair, slice_of(NULL, 0), value);
        value_append(headers, slice_of(NULL, 0), pair);
    }
}

static struct slice parameter(struct arena *arena, const struct report_source *source,
                              const char *wanted)
{
    struct slice rest = source->parameters;
    struct slice name;
    struct slice value;
    while (percent_next_pair(&rest, '&', &name, &value)) {
        if (slice_eq(name, slice_str(wanted))) {
            return percent_decode(arena, value, true);
        }
    }
    return slice_of(NULL, 0);
}

/* When it happened: the Reporting API tells how many milliseconds ago. */
static struct slice timestamp(struct arena *arena, const struct report_source *source,
                              const struct value *age)
{
    int64_t ms = 0;
    if (!value_integer(age, &ms) || ms < 0 || ms > source->received_us / TIME_US_PER_MS) {
        ms = 0;
    }
    int64_t us = source->received_us - ms * TIME_US_PER_MS;
    return arena_printf(arena, "%" PRId64 ".%06" PRId64, us / TIME_US_PER_S, us % TIME_US_PER_S);
}

static void add_request(struct arena *arena, const struct report_source *source,
                        const struct value *element, struct slice url, struct value *event)
{
    struct slice user_agent = value_string(value_get(element, SLICE("user_agent")));
    struct value *request = tree_map(arena, event, "request");
    tree_text(arena, request, "url", url);
    struct value *headers = request != NULL ? value_new(arena, VALUE_LIST) : NULL;
    if (headers == NULL) {
        return;
    }
    value_append(request, SLICE("headers"), headers);
    add_header(arena, headers, "User-Agent", user_agent.len != 0 ? user_agent : source->user_agent);
    add_header(arena, headers, "Origin", parameter(arena, source, "origin"));
}

static struct value *new_event(struct arena *arena, const struct report_source *source,
                               const struct value *element)
{
    struct value *event = value_new(arena, VALUE_MAP);
    if (event == NULL) {
        return NULL;
    }
    tree_text(arena, event, "timestamp",
              timestamp(arena, source, value_get(element, SLICE("age"))));
    tree_text(arena, event, "release", parameter(arena, source, "sentry_release"));
    tree_text(arena, event, "environment", parameter(arena, source, "sentry_environment"));
    tree_text(arena, tree_map(arena, event, "user"), "ip_address", SLICE("{{auto}}"));
    return event;
}

/* The maker of one report, and what it is to be given; NULL for those of no known type. */
static report_fn *maker_of(const struct value *report, const struct value **body)
{
    for (size_t i = 0; i < sizeof(wrappers) / sizeof(wrappers[0]); i++) {
        const struct value *member = value_get(report, wrappers[i].member);
        if (member != NULL) {
            *body = wrappers[i].whole ? report : member;
            return wrappers[i].make;
        }
    }
    struct slice type = value_string(value_get(report, SLICE("type")));
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (slice_eq(type, types[i].type)) {
            *body = types[i].whole ? report : value_get(report, SLICE("body"));
            return types[i].make;
        }
    }
    return NULL;
}

static void add(struct arena *arena, const struct report_source *source, const struct value *report,
                struct reports *out)
{
    const struct value *body = NULL;
    report_fn *make = maker_of(report, &body);
    struct value *event = make != NULL ? new_event(arena, source, report) : NULL;
    struct slice url = value_string(value_get(report, SLICE("url")));
    if (event == NULL || !value_is(body, VALUE_MAP) || !make(arena, body, event, &url)) {
        out->left_out++;
        return;
    }
    add_request(arena, source, report, url, event);
    value_append(out->events, slice_of(NULL, 0), event);
}

struct fault report_events(struct arena *arena, const struct report_source *source,
                           const struct value *root, struct reports *out)
{
    MUST(source->received_us >= 0);
    *out = (struct reports){.events = value_new(arena, VALUE_LIST)};
    if (out->events == NULL) {
        return fault_make(FAULT_TOO_BIG, "report: no memory left");
    }
    if (value_is(root, VALUE_MAP)) {
        add(arena, source, root, out);
    } else if (!value_is(root, VALUE_LIST)) {
        return fault_make(FAULT_MALFORMED, "report: neither a report nor a list of them");
    } else if (root->count > REPORTS_PER_REQUEST_MAX) {
        return fault_make(FAULT_TOO_BIG, "report: more in one request than allowed");
    }
    const struct value *report = value_is(root, VALUE_LIST) ? value_first(root) : NULL;
    for (; report != NULL; report = report->next) {
        add(arena, source, report, out);
    }
    return arena->exhausted ? fault_make(FAULT_TOO_BIG, "report: no memory left") : FAULT_OK;
}
