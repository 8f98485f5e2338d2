/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/deliver/webhook.h"
#include "alerting/deliver/signature.h"
#include "alerting/deliver/webhook_body.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "ingest/host/file.h"
#include <curl/curl.h>
#include <errno.h>
#include <inttypes.h>

#define SECRET_FILE_BYTES_MAX 512u

/* Standard Webhooks asks for 15 to 30 s at the most; a claim in the outbox outlives the longest. */
static const struct duration_bounds timeout_bounds = {INT64_C(100000), INT64_C(30000000),
                                                      "from 100ms to 30s"};
#define TIMEOUT_US INT64_C(10000000)

static const char *const keys[] = {"url",        "secret",  "secret_file", "send_resolved",
                                   "max_alerts", "timeout", "headers"};

static bool url_is_plausible(const char *url, bool *is_http)
{
    CURLU *parts = curl_url();
    char *scheme = NULL;
    char *host = NULL;
    bool well = parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK;
    *is_http = well && (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);
    well = well && curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK && host[0] != '\0';
    curl_free(scheme);
    curl_free(host);
    curl_url_cleanup(parts);
    return well;
}

static void read_url(struct endpoint *endpoint, const struct value *entry, struct reading *reading)
{
    bool is_http = false;
    reading_text(reading, entry, "url", &endpoint->url);
    const struct value *at = value_get(entry, SLICE("url"));
    if (slice_is_empty(endpoint->url)) {
        reading_error(reading, at != NULL ? at : entry, "a webhook needs its 'url'");
        return;
    }
    const char *url = arena_str(reading->arena, endpoint->url);
    if (url == NULL || !url_is_plausible(url, &is_http)) {
        reading_error(reading, at, "'url' is not a URL; write https://HOST/PATH");
    } else if (!is_http) {
        reading_error(reading, at, "'url' may be http:// or https:// only");
    }
}

/* The secret's text, from the configuration or the file it names; empty: none, or a problem. */
static struct slice secret_text(const struct value *entry, struct reading *reading)
{
    struct slice text = {NULL, 0};
    struct slice path = {NULL, 0};
    reading_text(reading, entry, "secret", &text);
    reading_text(reading, entry, "secret_file", &path);
    if (slice_is_empty(path)) {
        return text;
    }
    const struct value *at = value_get(entry, SLICE("secret_file"));
    const char *name = arena_str(reading->arena, path);
    struct fault fault =
        name != NULL && slice_is_empty(text)
            ? file_read(reading->arena, name, SECRET_FILE_BYTES_MAX, &text)
            : fault_make(FAULT_MALFORMED, "give 'secret' or 'secret_file', not both");
    if (fault_is(fault)) {
        bool is_ours = fault.kind == FAULT_MALFORMED || fault.kind == FAULT_TOO_BIG;
        reading_error(reading, at, "'secret_file': %s", is_ours ? fault.reason : strerror(errno));
        return slice_of(NULL, 0);
    }
    return slice_trim(text);
}

static void read_secret(struct endpoint *endpoint, const struct value *entry,
                        struct reading *reading)
{
    uint32_t before = reading->problems->errors;
    struct slice text = secret_text(entry, reading);
    const struct value *file = value_get(entry, SLICE("secret_file"));
    const struct value *at = file != NULL ? file : value_get(entry, SLICE("secret"));
    if (at != NULL && reading->problems->errors == before &&
        !secret_parse(text, &endpoint->secret)) {
        reading_error(reading, at,
                      "a secret is 'whsec_' and the base64 of 24 to 64 random bytes; "
                      "make one: echo whsec_$(head -c 32 /dev/urandom | base64)");
    }
}

static bool is_token(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_word && (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL)) {
            return false;
        }
    }
    return name.len != 0;
}

static bool is_header_text(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if ((c < 0x20 && c != '\t') || c == 0x7F) {
            return false;
        }
    }
    return text.len != 0;
}

static bool is_ours(struct slice name)
{
    static const char *const ours[] = {"content-type", "content-length",    "host",
                                       "connection",   "transfer-encoding", "webhook-id",
                                       "expect",       "webhook-timestamp", "webhook-signature"};
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
        if (slice_eq_nocase(name, slice_str(ours[i]))) {
            return true;
        }
    }
    return false;
}

static void read_headers(struct endpoint *endpoint, const struct value *entry,
                         struct reading *reading)
{
    const struct value *map = value_get(entry, SLICE("headers"));
    if (map == NULL) {
        return;
    }
    if (!value_is(map, VALUE_MAP) || map->count > ENDPOINT_HEADERS_MAX) {
        reading_error(reading, map, "'headers' are at most %u `Name: value` lines",
                      ENDPOINT_HEADERS_MAX);
        return;
    }
    struct header *headers = ARENA_ARRAY(reading->arena, map->count, struct header);
    uint32_t count = 0;
    for (const struct value *at = value_first(map); at != NULL && headers != NULL; at = at->next) {
        if (!is_token(at->key) || is_ours(at->key) || !is_header_text(value_text(at))) {
            reading_error(reading, at, "header '%.*s': %s", SLICE_ARG(at->key),
                          is_ours(at->key) ? "Tocsin writes this one itself"
                                           : "not a name and a line of text");
            continue;
        }
        headers[count].name = arena_copy(reading->arena, at->key);
        headers[count++].value = arena_copy(reading->arena, value_text(at));
    }
    MUST(count <= ENDPOINT_HEADERS_MAX);
    endpoint->headers = headers;
    endpoint->header_count = count;
}

void webhook_read(struct endpoint *endpoint, const struct value *entry, struct reading *reading)
{
    int64_t timeout_us = TIMEOUT_US;
    endpoint->send_resolved = true;
    if (!reading_map(reading, entry, "a webhook", keys, sizeof(keys) / sizeof(keys[0]))) {
        return;
    }
    read_url(endpoint, entry, reading);
    read_secret(endpoint, entry, reading);
    read_headers(endpoint, entry, reading);
    reading_bool(reading, entry, "send_resolved", &endpoint->send_resolved);
    reading_count(reading, entry, "max_alerts", &endpoint->max_alerts);
    reading_duration(reading, entry, "timeout", &timeout_bounds, &timeout_us);
    endpoint->timeout_ms = timeout_us / 1000;
    MUST(endpoint->timeout_ms > 0);
}

void webhook_render(const struct endpoint *endpoint, const struct notice *notice,
                    struct buffer *out)
{
    MUST(notice != NULL && out != NULL);
    webhook_body(notice, endpoint->max_alerts, out);
}

void webhook_headers(const struct endpoint *endpoint, struct slice id, struct slice body,
                     int64_t now_us, struct buffer *out)
{
    MUST(endpoint->header_count <= ENDPOINT_HEADERS_MAX);
    int64_t now_s = now_us / TIME_US_PER_S;
    MUST(id.len == NOTICE_ID_BYTES);
    buffer_printf(out, "Content-Type: application/json\nwebhook-id: %.*s\n", SLICE_ARG(id));
    buffer_printf(out, "webhook-timestamp: %" PRId64 "\n", now_s);
    if (endpoint->secret.len != 0) {
        buffer_add(out, SLICE("webhook-signature: "));
        signature_v1(&endpoint->secret, id, now_s, body, out);
        buffer_byte(out, '\n');
    }
    for (uint32_t i = 0; i < endpoint->header_count; i++) {
        buffer_printf(out, "%.*s: %.*s\n", SLICE_ARG(endpoint->headers[i].name),
                      SLICE_ARG(endpoint->headers[i].value));
    }
}
