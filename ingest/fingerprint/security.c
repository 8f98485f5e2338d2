/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/fingerprint/ways.h"

#define OWN SLICE("'self'")

/* "https://host:1/path" is "host:1"; other schemes stay: "ftp://host". Without an authority only
 * the scheme is known to mean something: "data:". */
static struct slice origin(struct slice uri)
{
    size_t colon = slice_find(uri, ':');
    size_t start = slice_search(uri, SLICE("://"));
    if (start == uri.len) {
        return colon < uri.len ? slice_head(uri, colon + 1) : uri;
    }
    size_t end = start + 3;
    while (end < uri.len && memchr("/?#", uri.at[end], 3) == NULL) {
        end++;
    }
    MUST(start + 3 <= end && end <= uri.len);
    struct slice scheme = slice_head(uri, start);
    bool is_web = slice_eq_nocase(scheme, SLICE("http")) || slice_eq_nocase(scheme, SLICE("https"));
    return slice_from(slice_head(uri, end), is_web ? start + 3 : 0);
}

/* Whence the forbidden thing came; pages that forbid themselves something say so in many ways. */
static struct slice blocked(const struct value *csp)
{
    struct slice uri = slice_trim(value_text(value_get(csp, SLICE("blocked_uri"))));
    struct slice page = value_text(value_get(csp, SLICE("document_uri")));
    static const struct slice own[] = {SLICE_INIT("self"), SLICE_INIT("'self'"),
                                       SLICE_INIT("inline"), SLICE_INIT("eval")};
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        if (slice_eq(uri, own[i])) {
            return OWN;
        }
    }
    bool is_of_page = page.len != 0 && slice_eq(origin(uri), origin(page));
    return uri.len == 0 || is_of_page ? OWN : origin(uri);
}

/* The keyword a script of the page itself lacked; the empty slice for other violations. */
static struct slice violation(const struct value *csp, struct slice directive)
{
    struct slice uri = slice_trim(value_text(value_get(csp, SLICE("blocked_uri"))));
    struct slice violated = value_text(value_get(csp, SLICE("violated_directive")));
    static const struct {
        struct slice uri;
        struct slice keyword;
    } rows[] = {
        {SLICE_INIT("inline"), SLICE_INIT("'unsafe-inline'")},
        {SLICE_INIT("eval"), SLICE_INIT("'unsafe-eval'")},
    };
    bool is_own_script =
        slice_starts(directive, SLICE("script-src")) && slice_eq(blocked(csp), OWN);
    for (size_t i = 0; is_own_script && i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (slice_eq(uri, rows[i].uri) || slice_search(violated, rows[i].keyword) < violated.len) {
            return rows[i].keyword;
        }
    }
    return slice_of(NULL, 0);
}

static void add_csp(struct parts *parts, const struct value *csp)
{
    struct slice directive = value_text(value_get(csp, SLICE("effective_directive")));
    if (directive.len == 0) {
        directive = value_text(value_get(csp, SLICE("violated_directive")));
    }
    directive = slice_head(directive, slice_find(directive, ' '));
    struct part *part = parts_open(parts, "csp");
    (void)parts_leaf(parts, "directive", directive);
    struct part *keyword = parts_leaf(parts, "violation", violation(csp, directive));
    struct part *uri = parts_leaf(parts, "uri", blocked(csp));
    if (keyword->counts != 0) {
        parts_drop(uri, VARIANT_BOTH, "the violation tells more");
    }
    unsigned counts = parts_close(parts, part);
    MUST(counts == 0 || counts == VARIANT_BOTH);
}

void way_security(struct parts *parts, const struct event *event)
{
    static const struct {
        struct slice member;
        struct slice kind;
    } rows[] = {
        {SLICE_INIT("hpkp"), SLICE_INIT("hpkp")},
        {SLICE_INIT("expectstaple"), SLICE_INIT("expect-staple")},
        {SLICE_INIT("expectct"), SLICE_INIT("expect-ct")},
    };
    const struct value *csp = value_get(event->root, SLICE("csp"));
    if (value_is(csp, VALUE_MAP)) {
        add_csp(parts, csp);
        return;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct value *report = value_get(event->root, rows[i].member);
        if (value_is(report, VALUE_MAP)) {
            (void)parts_leaf(parts, "kind", rows[i].kind);
            (void)parts_leaf(parts, "hostname", value_text(value_get(report, SLICE("hostname"))));
            return;
        }
    }
}
