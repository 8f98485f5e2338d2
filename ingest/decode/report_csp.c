/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/decode/report_inside.h"

/*    stored as              report-uri              Reporting API      */
#define CSP_FIELDS(X)                                                                              \
    X("document_uri", "document-uri", "documentURL")                                               \
    X("referrer", "referrer", "referrer")                                                          \
    X("blocked_uri", "blocked-uri", "blockedURL")                                                  \
    X("violated_directive", "violated-directive", "violatedDirective")                             \
    X("original_policy", "original-policy", "originalPolicy")                                      \
    X("disposition", "disposition", "disposition")                                                 \
    X("status_code", "status-code", "statusCode")                                                  \
    X("source_file", "source-file", "sourceFile")                                                  \
    X("line_number", "line-number", "lineNumber")                                                  \
    X("column_number", "column-number", "columnNumber")                                            \
    X("script_sample", "script-sample", "sample")

static const struct {
    struct slice stored;
    struct slice dashed;
    struct slice camel;
} fields[] = {
#define CSP_ROW(stored, dashed, camel) {SLICE_INIT(stored), SLICE_INIT(dashed), SLICE_INIT(camel)},
    CSP_FIELDS(CSP_ROW)
#undef CSP_ROW
};

/* What a directive governs, where its name does not say it. */
static const struct {
    struct slice directive;
    const char *noun;
} nouns[] = {
    {SLICE_INIT("img-src"), "image"},          {SLICE_INIT("child-src"), "child"},
    {SLICE_INIT("connect-src"), "connect"},    {SLICE_INIT("font-src"), "font"},
    {SLICE_INIT("frame-src"), "frame"},        {SLICE_INIT("manifest-src"), "manifest"},
    {SLICE_INIT("media-src"), "media"},        {SLICE_INIT("object-src"), "object"},
    {SLICE_INIT("script-src"), "script"},      {SLICE_INIT("script-src-elem"), "script"},
    {SLICE_INIT("script-src-attr"), "script"}, {SLICE_INIT("style-src"), "style"},
    {SLICE_INIT("style-src-elem"), "style"},   {SLICE_INIT("style-src-attr"), "style"},
    {SLICE_INIT("worker-src"), "worker"},      {SLICE_INIT("form-action"), "form action"},
    {SLICE_INIT("base-uri"), "base URI"},
};

static struct slice first_word(struct slice text)
{
    text = slice_trim(text);
    return slice_head(text, slice_find(text, ' '));
}

static struct slice noun_of(struct slice directive)
{
    for (size_t i = 0; i < sizeof(nouns) / sizeof(nouns[0]); i++) {
        if (slice_eq(directive, nouns[i].directive)) {
            return slice_str(nouns[i].noun);
        }
    }
    return slice_head(directive, 64);
}

/* Either name; numbers and texts alike. */
static const struct value *field(const struct value *body, struct slice dashed, struct slice camel)
{
    const struct value *value = value_get(body, dashed);
    return value != NULL ? value : value_get(body, camel);
}

static struct slice message(struct arena *arena, struct slice directive, struct slice blocked)
{
    struct slice noun = noun_of(directive);
    if (slice_eq(blocked, SLICE("inline"))) {
        return arena_printf(arena, "Blocked unsafe inline '%.*s'", SLICE_ARG(noun));
    }
    if (slice_eq(blocked, SLICE("eval"))) {
        return arena_printf(arena, "Blocked unsafe eval() '%.*s'", SLICE_ARG(noun));
    }
    struct slice host = report_host(blocked);
    host = host.len != 0 ? host : blocked;
    return arena_printf(arena, "Blocked '%.*s' from '%.*s'", SLICE_ARG(noun),
                        SLICE_ARG(slice_head(host, 256)));
}

/* Without query and fragment, which hold what is nobody's business (and may be a card's number).
 * Nothing blocked means the page itself. */
static struct slice blocked_of(const struct value *body)
{
    struct slice uri =
        slice_trim(value_text(field(body, SLICE("blocked-uri"), SLICE("blockedURL"))));
    uri = slice_head(uri, slice_find(uri, '?'));
    uri = slice_head(uri, slice_find(uri, '#'));
    return uri.len != 0 ? uri : SLICE("self");
}

static struct slice directive_of(const struct value *body)
{
    struct slice effective =
        value_text(field(body, SLICE("effective-directive"), SLICE("effectiveDirective")));
    struct slice violated =
        value_text(field(body, SLICE("violated-directive"), SLICE("violatedDirective")));
    effective = first_word(effective);
    return effective.len != 0 ? effective : first_word(violated);
}

static void copy_fields(struct arena *arena, const struct value *body, struct value *csp)
{
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        const struct value *value = field(body, fields[i].dashed, fields[i].camel);
        if (!slice_eq(fields[i].stored, SLICE("blocked_uri"))) {
            tree_member(arena, csp, fields[i].stored, value);
        }
    }
}

bool report_csp(struct arena *arena, const struct value *body, struct value *event,
                struct slice *url)
{
    struct slice directive = directive_of(body);
    struct slice blocked = blocked_of(body);
    if (directive.len == 0) {
        return false;
    }
    MUST(blocked.len != 0);
    tree_text(arena, event, "type", SLICE("csp"));
    tree_text(arena, event, "logger", SLICE("csp"));
    tree_text(arena, event, "message", message(arena, directive, blocked));
    struct slice culprit =
        value_text(field(body, SLICE("violated-directive"), SLICE("violatedDirective")));
    tree_text(arena, event, "culprit", culprit.len != 0 ? culprit : directive);
    struct value *csp = tree_map(arena, event, "csp");
    tree_text(arena, csp, "effective_directive", directive);
    tree_text(arena, csp, "blocked_uri", blocked);
    copy_fields(arena, body, csp);
    struct value *tags = tree_map(arena, event, "tags");
    tree_text(arena, tags, "effective-directive", directive);
    tree_text(arena, tags, "blocked-uri", blocked);
    struct slice page = value_string(field(body, SLICE("document-uri"), SLICE("documentURL")));
    *url = page.len != 0 ? page : *url;
    return true;
}
