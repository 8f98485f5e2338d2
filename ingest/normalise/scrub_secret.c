/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets that are known by what stands around them: keys in PEM, credentials of HTTP and of URLs,
 * JSON web tokens; and IP addresses. */
#include "ingest/base/must.h"
#include "ingest/normalise/scrub_text.h"
#include <arpa/inet.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t skip_blanks(struct slice text, size_t at)
{
    while (at < text.len && is_blank(text.at[at])) {
        at++;
    }
    return at;
}

static bool is_token_byte(char c)
{
    return scrub_is_word_byte(c) || (c != '\0' && strchr("-.~+/=:%", c) != NULL);
}

static size_t token_end(struct slice text, size_t at)
{
    while (at < text.len && is_token_byte(text.at[at])) {
        at++;
    }
    return at;
}

/* "Bearer token is missing", "Bearer authentication": the word is meant, and no secret follows. */
static bool is_prose(struct slice token)
{
    static const struct slice words[] = {
        SLICE_INIT("token"),  SLICE_INIT("tokens"),
        SLICE_INIT("auth"),   SLICE_INIT("authentication"),
        SLICE_INIT("scheme"), SLICE_INIT("realm"),
        SLICE_INIT("error"),  SLICE_INIT("authorization"),
        SLICE_INIT("is"),     SLICE_INIT("or"),
        SLICE_INIT("and"),    SLICE_INIT("of"),
    };
    struct slice word = slice_head(token, slice_find(token, '='));
    word = slice_head(word, slice_find(word, ':'));
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (slice_eq_nocase(word, words[i])) {
            return true;
        }
    }
    return false;
}

/* Base64 of "user:password" has a digit, an '=' or both cases; a word of a language has none. */
static bool is_base64_like(struct slice token)
{
    unsigned has = 0;
    for (size_t i = 0; i < token.len; i++) {
        char c = token.at[i];
        has |= scrub_is_digit(c) || c == '=' ? 4u : c >= 'a' && c <= 'z' ? 1u : 2u;
    }
    return token.len >= 6 && (has & 4u || (has == 3u && token.len >= 8));
}

static void find_http(struct slice text, const struct scrub_hit *hit, struct scrub_spans *spans)
{
    bool is_inside = hit->from > 0 && scrub_is_word_byte(text.at[hit->from - 1]);
    size_t after = hit->kind == WORD_BASIC ? hit->to - 1 : hit->to;
    size_t from = skip_blanks(text, after);
    size_t to = token_end(text, from);
    struct slice token = slice_of(text.at + from, to - from);
    bool is_secret = token.len != 0 && from > after &&
                     (hit->kind == WORD_BASIC ? is_base64_like(token) : !is_prose(token));
    if (!is_inside && is_secret) {
        scrub_mark(spans, text, &(struct scrub_span){hit->from, to, SCRUB_BEARER});
    }
}

/* What lies between "-----BEGIN … KEY-----" and "-----END"; to the end of the text when that was
 * cut off. Certificates are public. */
static void find_pem(struct slice text, const struct scrub_hit *hit, struct scrub_spans *spans)
{
    struct slice rest = slice_from(text, hit->to);
    size_t label = slice_search(rest, SLICE("-----"));
    struct slice name = slice_head(rest, label);
    if (label == rest.len || name.len > 64 || slice_search(name, SLICE("KEY")) == name.len) {
        return;
    }
    size_t from = hit->to + label + 5;
    size_t from_text = skip_blanks(text, from);
    from_text += slice_starts(slice_from(text, from_text), SLICE("\\n")) ? 2 : 0;
    struct slice body = slice_from(text, from_text);
    size_t length = slice_search(body, SLICE("-----END"));
    while (length > 0 && is_blank(body.at[length - 1])) {
        length--;
    }
    scrub_mark(spans, text, &(struct scrub_span){from_text, from_text + length, SCRUB_PEM});
}

/* Three parts of base64url: header.payload.signature; or five, encrypted. */
static void find_jwt(struct slice text, const struct scrub_hit *hit, struct scrub_spans *spans)
{
    size_t to = hit->to;
    unsigned dots = 0;
    for (; to < text.len; to++) {
        char c = text.at[to];
        bool is_part = (scrub_is_word_byte(c) && (c & 0x80) == 0) || c == '-';
        if (!is_part && c != '.') {
            break;
        }
        dots += c == '.';
    }
    bool is_inside = hit->from > 0 && scrub_is_word_byte(text.at[hit->from - 1]);
    if (!is_inside && dots >= 1 && slice_starts(slice_from(text, hit->from), SLICE("eyJ"))) {
        scrub_mark(spans, text, &(struct scrub_span){hit->from, to, SCRUB_BEARER});
    }
}

void scrub_find_secret(struct slice text, const struct scrub_hit *hit, struct scrub_spans *spans)
{
    MUST(hit->to <= text.len);
    if (hit->kind == WORD_PEM) {
        find_pem(text, hit, spans);
    } else if (hit->kind == WORD_JWT) {
        find_jwt(text, hit, spans);
    } else {
        find_http(text, hit, spans);
    }
}

/* "//user:password@": all between the slashes and the last '@' before the path. */
void scrub_find_url_users(struct slice text, struct scrub_spans *spans)
{
    size_t from = 0; /* after the last "//"; 0: not in the part where a user may stand */
    size_t last = 0; /* the last '@' since then */
    for (size_t at = 0; at <= text.len; at++) {
        char c = at < text.len ? text.at[at] : ' ';
        bool ends = c == '/' || c == '?' || c == '#' || is_blank(c) || c == '"' || c == '<';
        if (ends && last != 0) {
            scrub_mark(spans, text, &(struct scrub_span){from, last, SCRUB_URL});
        }
        if (ends) {
            bool is_start = c == '/' && at + 1 < text.len && text.at[at + 1] == '/';
            at += is_start ? 1 : 0;
            from = is_start ? at + 1 : 0;
            last = 0;
        } else if (c == '@' && from != 0) {
            last = at;
        }
    }
}

/* ---- addresses ---- */

static bool is_address_byte(char c)
{
    return scrub_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' ||
           c == '.';
}

static bool is_address(struct slice text)
{
    char copy[INET6_ADDRSTRLEN];
    unsigned char parsed[sizeof(struct in6_addr)];
    if (text.len < 2 || text.len >= sizeof(copy)) {
        return false;
    }
    bool has_digit = false; /* "a::b" is C++ */
    for (size_t i = 0; i < text.len; i++) {
        has_digit = has_digit || scrub_is_digit(text.at[i]);
    }
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    bool is_six = slice_find(text, ':') != text.len;
    return has_digit && inet_pton(is_six ? AF_INET6 : AF_INET, copy, parsed) == 1;
}

/* The part of `text` that may be an address: without a sentence's end, and without a port. */
static struct slice candidate(struct slice text)
{
    while (text.len > 0 && (text.at[text.len - 1] == '.' || text.at[text.len - 1] == ':') &&
           !slice_ends(text, SLICE("::"))) {
        text.len--;
    }
    size_t colon = slice_find(text, ':');
    bool is_four = slice_find(text, '.') < colon;
    return is_four && colon != text.len ? slice_head(text, colon) : text;
}

void scrub_find_addresses(struct slice text, struct scrub_spans *spans)
{
    for (size_t at = 0; at < text.len;) {
        size_t end = at;
        while (end < text.len && is_address_byte(text.at[end])) {
            end++;
        }
        struct slice found = candidate(slice_of(text.at + at, end - at));
        bool is_inside = (at > 0 && scrub_is_word_byte(text.at[at - 1])) ||
                         (end < text.len && scrub_is_word_byte(text.at[end]));
        if (!is_inside && is_address(found)) {
            scrub_mark(spans, text, &(struct scrub_span){at, at + found.len, SCRUB_ADDRESS});
        }
        at = end + 1;
    }
}
