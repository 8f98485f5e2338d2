/* SPDX-License-Identifier: Apache-2.0 */
/* Names and values in one text: "password=hunter2" in a message, a query string, cookies. */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/normalise/scrub_text.h"

/* How a name that was found goes on. */
struct assigned {
    size_t from;    /* the value's first byte */
    char sign;      /* '=' or ':' */
    bool is_quoted; /* the name is */
    bool has_space; /* between the sign and the value */
};

static bool is_name_byte(char c)
{
    return scrub_is_word_byte(c) || c == '-' || c == '.' || c == '[' || c == ']';
}

static size_t skip(struct slice text, size_t at, const char *bytes)
{
    while (at < text.len && text.at[at] != '\0' && strchr(bytes, text.at[at]) != NULL) {
        at++;
    }
    return at;
}

/* Reads what follows the word that ends at `at`: the rest of its name, and "=", ":" or "=>". */
static bool read_sign(struct slice text, size_t at, struct assigned *out)
{
    size_t start = at;
    while (at < text.len && at - start < SCRUB_NAME_BYTES_MAX && is_name_byte(text.at[at])) {
        at++;
    }
    size_t quote = skip(text, at, "\\\"'");
    size_t sign = skip(text, quote, " \t");
    if (sign >= text.len || (text.at[sign] != '=' && text.at[sign] != ':')) {
        return false;
    }
    size_t after = sign + 1;
    bool is_compared = after < text.len && (text.at[after] == '=' || text.at[after] == ':');
    if (is_compared) { /* a == b, A::b */
        return false;
    }
    after += after < text.len && text.at[after] == '>' ? 1 : 0;
    out->sign = text.at[sign];
    out->is_quoted = quote != at;
    out->from = skip(text, after, " \t");
    out->has_space = out->from != after;
    return out->from < text.len;
}

/* The value at `from`: between quotes, or up to what ends a value. */
static struct scrub_span value_span(struct slice text, size_t from, bool *is_quoted)
{
    size_t escape = from < text.len && text.at[from] == '\\' ? 1 : 0;
    char quote = from + escape < text.len ? text.at[from + escape] : '\0';
    *is_quoted = quote == '"' || quote == '\'';
    struct scrub_span span = {from, from, SCRUB_PASSWORD};
    if (slice_starts(slice_from(text, from), SLICE(SCRUB_FILTERED))) {
        span.to = from + sizeof(SCRUB_FILTERED) - 1;
        return span;
    }
    if (*is_quoted) {
        span.from = from + escape + 1;
        span.to = span.from;
        while (span.to < text.len && text.at[span.to] != quote) {
            bool is_escape = escape == 0 && text.at[span.to] == '\\' && span.to + 1 < text.len;
            span.to += is_escape ? 2 : 1;
        }
        span.to -= escape != 0 && span.to > span.from && text.at[span.to - 1] == '\\' ? 1 : 0;
        return span;
    }
    while (span.to < text.len && strchr(" \t\r\n,;&)]}\"'<>|", text.at[span.to]) == NULL) {
        span.to++;
    }
    return span;
}

/* "Invalid token: unexpected end" says nothing secret; "token: 8f1c2", "password: hunter" do. */
static bool is_prose(struct slice text, const struct scrub_hit *hit, const struct scrub_span *span)
{
    size_t length = span->to - span->from;
    for (size_t i = span->from; i < span->to; i++) {
        if (scrub_is_digit(text.at[i])) {
            return false;
        }
    }
    if (length >= 20) {
        return false;
    }
    bool is_last = span->to == text.len || strchr("\r\n,;)]}\"'", text.at[span->to]) != NULL;
    return hit->kind == WORD_MARK || !is_last;
}

void scrub_find_assigned(struct slice text, const struct scrub_hit *hit, enum scrub_depth depth,
                         struct scrub_spans *spans)
{
    struct assigned found;
    bool is_quoted = false;
    if (!read_sign(text, hit->to, &found)) {
        return;
    }
    struct scrub_span span = value_span(text, found.from, &is_quoted);
    struct slice value = slice_of(text.at + span.from, span.to - span.from);
    if (depth == SCRUB_SOURCE && !is_quoted) {
        return; /* the value is not in the program's text */
    }
    bool is_scheme = slice_eq_nocase(value, SLICE("bearer")) ||
                     slice_eq_nocase(value, SLICE("basic")) ||
                     slice_starts(value, SLICE("-----BEGIN"));
    bool is_loose = found.sign == ':' && found.has_space && !found.is_quoted && !is_quoted;
    if (is_scheme || (is_loose && is_prose(text, hit, &span))) {
        return; /* other detectors look at it */
    }
    span.reason = hit->kind == WORD_FIELD ? SCRUB_FIELD : SCRUB_PASSWORD;
    MUST(span.to <= text.len);
    scrub_mark(spans, text, &span);
}

/* ---- query strings and cookies ---- */

/* Cuts at what separates pairs. */
static size_t pair_end(struct slice text, size_t at, enum scrub_depth depth)
{
    const char *ends = depth == SCRUB_COOKIES ? ";," : "&;#?";
    while (at < text.len && (text.at[at] == '\0' || strchr(ends, text.at[at]) == NULL)) {
        at++;
    }
    return at;
}

/* A name as it was before it was percent-encoded; as it stands when that is odd. */
static struct slice plain_name(struct slice name, char out[static SCRUB_NAME_BYTES_MAX])
{
    size_t length = 0;
    for (size_t i = 0; i < name.len && length < SCRUB_NAME_BYTES_MAX; i++) {
        unsigned value = 0;
        bool is_escape = name.at[i] == '%' && i + 2 < name.len;
        for (size_t k = 1; k <= 2 && is_escape; k++) {
            char c = scrub_lower(name.at[i + k]);
            bool is_letter = c >= 'a' && c <= 'f';
            is_escape = is_letter || scrub_is_digit(c);
            value = value * 16 + (unsigned)(is_letter ? c - 'a' + 10 : c - '0');
        }
        out[length++] = is_escape ? (char)value : name.at[i];
        i += is_escape ? 2 : 0;
    }
    return slice_of(out, length);
}

void scrub_find_pairs(const struct scrub_rules *rules, struct slice text, enum scrub_depth depth,
                      struct scrub_spans *spans)
{
    char buffer[SCRUB_NAME_BYTES_MAX];
    for (size_t at = 0; at < text.len;) {
        size_t end = pair_end(text, at, depth);
        struct slice pair = slice_of(text.at + at, end - at);
        size_t equals = slice_find(pair, '=');
        if (equals != pair.len) {
            struct slice name = plain_name(slice_trim(slice_head(pair, equals)), buffer);
            enum scrub_reason reason =
                depth == SCRUB_COOKIES ? scrub_cookie_name(rules, name) : scrub_name(rules, name);
            bool is_kept = reason == SCRUB_NONE || scrub_is_safe(rules, name);
            size_t from = is_kept ? end : at + equals + 1;
            scrub_mark(spans, text, &(struct scrub_span){from, end, reason});
        }
        at = end + 1;
    }
}
