/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/normalise/decoded.h"

/* Not searched: what a rule must ask for by name, what browsers write about themselves and what
 * they accept, and what proxies and tracers add. A name that ends in '-' stands for all that begin
 * so. */
static const struct slice passed_over[] = {
    SLICE_INIT("cookie"),
    SLICE_INIT("authorization"),
    SLICE_INIT("sec-"),
    SLICE_INIT("proxy-authorization"),
    SLICE_INIT("if-"),
    SLICE_INIT("sentry-trace"),
    SLICE_INIT("baggage"),
    SLICE_INIT("traceparent"),
    SLICE_INIT("tracestate"),
    SLICE_INIT("accept-encoding"),
    SLICE_INIT("accept-charset"),
    SLICE_INIT("content-length"),
    SLICE_INIT("cache-control"),
    SLICE_INIT("connection"),
    SLICE_INIT("dnt"),
    SLICE_INIT("x-csrf-token"),
    SLICE_INIT("x-csrftoken"),
    SLICE_INIT("x-xsrf-token"),
    SLICE_INIT("x-request-id"),
    SLICE_INIT("x-amzn-trace-id"),
    SLICE_INIT("x-forwarded-port"),
    SLICE_INIT("x-forwarded-proto"),
};

static bool is_passed_over(struct slice name)
{
    for (size_t i = 0; i < sizeof(passed_over) / sizeof(passed_over[0]); i++) {
        struct slice row = passed_over[i];
        bool is_stem = slice_ends(row, SLICE("-"));
        if (slice_eq_nocase(is_stem ? slice_head(name, row.len) : name, row)) {
            return true;
        }
    }
    return false;
}

struct slice decoded_headers(struct arena *arena, const struct value *headers)
{
    size_t used = 0;
    size_t room = 2 * (size_t)DECODED_BYTES_MAX;
    char *out = value_first(headers) != NULL ? arena_bytes(arena, room) : NULL;
    uint32_t count = 0;
    if (out == NULL) {
        return slice_of(NULL, 0);
    }
    for (const struct value *at = value_first(headers); at != NULL; at = at->next) {
        struct slice name = value_text(value_first(at));
        if (value_first(at) == NULL || is_passed_over(name) || ++count > DECODED_LEAVES_MAX) {
            continue;
        }
        struct slice text = decoded_text(arena, value_text(value_first(at)->next), DECODED_TEXT);
        if (used + name.len + text.len + 2 > room) {
            break;
        }
        const struct slice parts[] = {name, SLICE("="), text, SLICE("\n")};
        for (size_t i = 0; i < 4; i++) {
            if (parts[i].len != 0) {
                memcpy(out + used, parts[i].at, parts[i].len);
            }
            used += parts[i].len;
        }
    }
    MUST(used <= room);
    return slice_of(out, used);
}
