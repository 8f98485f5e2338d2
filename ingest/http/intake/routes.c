/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/intake/routes.h"

#define POSTED "POST, OPTIONS"
#define EITHER "GET, POST, OPTIONS"
#define READ   "GET, HEAD"

struct row {
    struct slice pattern; /* without the last slash */
    enum intake_route route;
    const char *methods;
    bool under_prefix;
};

static const struct row rows[] = {
    {SLICE_INIT("/api/*/envelope"), ROUTE_ENVELOPE, POSTED, true},
    {SLICE_INIT("/api/*/store"), ROUTE_STORE, EITHER, true},
    {SLICE_INIT("/api/store"), ROUTE_STORE, EITHER, true},
    {SLICE_INIT("/api/*/security"), ROUTE_SECURITY, POSTED, true},
    {SLICE_INIT("/api/*/csp-report"), ROUTE_SECURITY, POSTED, true},
    {SLICE_INIT("/api/*/nel"), ROUTE_NEL, POSTED, true},
    {SLICE_INIT("/api/*/minidump"), ROUTE_MINIDUMP, POSTED, true},
    {SLICE_INIT("/api/*/events/$/attachments"), ROUTE_ATTACHMENTS, POSTED, true},
    {SLICE_INIT("/api/*/cron/$"), ROUTE_CRON, EITHER, true},
    {SLICE_INIT("/api/*/cron/$/$"), ROUTE_CRON, EITHER, true},
    {SLICE_INIT("/healthz"), ROUTE_HEALTH, READ, false},
    {SLICE_INIT("/readyz"), ROUTE_READY, READ, false},
    {SLICE_INIT("/api/relay/healthcheck/live"), ROUTE_HEALTH, READ, true},
    {SLICE_INIT("/api/relay/healthcheck/ready"), ROUTE_READY, READ, true},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_of_segment(char c)
{
    return c != '/';
}

/* Takes what `fits` off the end of the path; empty when nothing does. */
static struct slice take_back(struct slice path, size_t *at, bool (*fits)(char))
{
    size_t end = *at;
    while (*at > 0 && fits(path.at[*at - 1])) {
        (*at)--;
    }
    return slice_of(path.at + *at, end - *at);
}

/* Matches from the back, so that whatever stands before is the prefix. Fills digits and parts,
 * these from the last one on. */
static bool matches(const struct row *row, struct slice path, struct slice *digits,
                    struct slice *parts)
{
    size_t p = row->pattern.len;
    size_t at = path.len;
    unsigned part = 0;
    for (; p > 0; p--) {
        char wanted = row->pattern.at[p - 1];
        if (wanted == '*' || wanted == '$') {
            struct slice *out = wanted == '*' ? digits : &parts[part++];
            *out = take_back(path, &at, wanted == '*' ? is_digit : is_of_segment);
            if (out->len == 0) {
                return false;
            }
        } else if (at == 0 || path.at[--at] != wanted) {
            return false;
        }
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
        struct slice parts[ROUTE_PARTS_MAX] = {{NULL, 0}, {NULL, 0}};
        if (matches(&rows[i], path, &digits, parts) && project_of(digits, &hit.project)) {
            bool has_two = parts[1].len != 0;
            hit.parts[0] = parts[has_two];
            hit.parts[1] = has_two ? parts[0] : parts[1];
            hit.route = rows[i].route;
            hit.methods = rows[i].methods;
            hit.takes_method = lists(rows[i].methods, method);
            return hit;
        }
    }
    return hit;
}
