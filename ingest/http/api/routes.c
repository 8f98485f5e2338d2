/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/api/routes.h"

static const struct api_route rows[] = {
    {"GET", "/healthz", api_health, false},
    {"GET", "/readyz", api_ready, false},
    {"GET", "/metrics", api_metrics, false},
    {"GET", "/api/0/projects", api_projects, true},
    {"GET", "/api/0/projects/tocsin/*/issues", api_issues, true},
    {"PUT", "/api/0/projects/tocsin/*/issues", api_merge, true},
    {"GET", "/api/0/projects/tocsin/*/events/*", api_event, true},
    {"GET", "/api/0/projects/tocsin/*/events/*/grouping-info", api_grouping, true},
    {"GET", "/api/0/projects/tocsin/*/outcomes", api_outcomes, true},
    {"GET", "/api/0/issues/*", api_issue, true},
    {"PUT", "/api/0/issues/*", api_issue_update, true},
    {"GET", "/api/0/issues/*/hashes", api_hashes, true},
    {"DELETE", "/api/0/issues/*/hashes", api_unmerge, true},
    {"GET", "/api/0/issues/*/events/latest", api_latest_event, true},
    {"GET", "/api/0/tocsin/rules", api_rules, true},
};

/* `*` takes one path segment. */
static bool matches(struct slice pattern, struct slice path, struct slice *parts)
{
    unsigned part = 0;
    while (pattern.len > 0 && path.len > 0) {
        if (pattern.at[0] != '*') {
            if (pattern.at[0] != path.at[0]) {
                return false;
            }
            pattern = slice_from(pattern, 1);
            path = slice_from(path, 1);
            continue;
        }
        size_t length = slice_find(path, '/');
        if (length == 0 || part == CALL_PARTS_MAX) {
            return false;
        }
        parts[part++] = slice_head(path, length);
        pattern = slice_from(pattern, 1);
        path = slice_from(path, length);
    }
    return pattern.len == 0 && path.len == 0;
}

const struct api_route *api_route_find(struct slice method, struct slice path,
                                       struct slice parts[static CALL_PARTS_MAX],
                                       const char **out_allowed)
{
    *out_allowed = NULL;
    if (path.len > 1 && path.at[path.len - 1] == '/') {
        path.len--;
    }
    if (slice_eq(method, SLICE("HEAD"))) {
        method = SLICE("GET");
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!matches(slice_str(rows[i].pattern), path, parts)) {
            continue;
        }
        if (slice_eq(method, slice_str(rows[i].method))) {
            return &rows[i];
        }
        bool is_second = *out_allowed != NULL && strcmp(*out_allowed, rows[i].method) != 0;
        const char *both = strcmp(rows[i].method, "DELETE") == 0 ? "GET, DELETE" : "GET, PUT";
        *out_allowed = is_second ? both : rows[i].method;
    }
    return NULL;
}
