/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/intake/routes.h"

struct row {
    struct slice pattern; /* `*` stands for a project's digits; without the last slash */
    enum intake_route route;
    const char *methods;
    bool under_prefix;
};

static const struct row rows[] = {
    {SLICE_INIT("/api/*/envelope"), ROUTE_ENVELOPE, "POST, OPTIONS", true},
    {SLICE_INIT("/api/*/store"), ROUTE_STORE, "POST, OPTIONS", true},
    {SLICE_INIT("/api/store"), ROUTE_STORE, "POST, OPTIONS", true},
    {SLICE_INIT("/healthz"), ROUTE_HEALTH, "GET, HEAD", false},
    {SLICE_INIT("/readyz"), ROUTE_READY, "GET, HEAD", false},
};

/* Matches from the back, so that whatever stands before is the prefix. Fills the digits. */
static bool matches(const struct row *row, struct slice path, struct slice *digits)
{
    size_t p = row->pattern.len;
    size_t at = path.len;
    while (p > 0) {
        if (row->pattern.at[p - 1] != '*') {
            if (at == 0 || path.at[at - 1] != row->pattern.at[p - 1]) {
                return false;
            }
            p--;
            at--;
            continue;
        }
        size_t end = at;
        while (at > 0 && path.at[at - 1] >= '0' && path.at[at - 1] <= '9') {
            at--;
        }
        if (at == end) {
            return false;
        }
        *digits = slice_of(path.at + at, end - at);
        p--;
    }
    return at == 0 || row->under_prefix;
}

static bool project_of(struct slice digits, uint32_t *out)
{
    uint64_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        value = value * 10 + (uint64_t)(digits.at[i] - '0');
        if (value > UINT32_MAX) {
            return false;
        }
    }
    *out = (uint32_t)value;
    return true;
}

static bool lists(const char *methods, struct slice method)
{
    struct slice all = slice_str(methods);
    while (all.len > 0) {
        size_t comma = slice_find(all, ',');
        if (slice_eq(slice_trim(slice_head(all, comma)), method)) {
            return true;
        }
        all = slice_from(all, comma + 1);
    }
    return false;
}

struct route_hit route_find(struct slice method, struct slice path)
{
    struct route_hit hit = {.route = ROUTE_NONE};
    if (path.len > 1 && path.at[path.len - 1] == '/') {
        path.len--;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct slice digits = {NULL, 0};
        if (matches(&rows[i], path, &digits) && project_of(digits, &hit.project)) {
            hit.route = rows[i].route;
            hit.methods = rows[i].methods;
            hit.takes_method = lists(rows[i].methods, method);
            return hit;
        }
    }
    return hit;
}
