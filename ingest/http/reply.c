/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/reply.h"
#include "ingest/base/json.h"
#include "ingest/base/must.h"
#include <stdio.h>

/* Seconds after which a refused client may try again: longer than a disk's hiccup or the restart of
 * Redis, short enough that an SDK's queue still holds what it kept back. */
#define RETRY_AFTER_SECONDS "5"

#define BODY_BYTES_MAX 2048u

unsigned reply_status(enum fault_kind kind)
{
    switch (kind) {
    case FAULT_NONE:
        return 200;
    case FAULT_MALFORMED:
        return 400;
    case FAULT_UNAUTHORISED:
        return 401;
    case FAULT_FORBIDDEN:
        return 403;
    case FAULT_NOT_FOUND:
        return 404;
    case FAULT_TOO_BIG:
        return 413;
    case FAULT_UNSUPPORTED:
        return 415;
    case FAULT_LIMITED:
        return 429;
    case FAULT_UNAVAILABLE:
        return 503;
    case FAULT_INTERNAL:
        return 500;
    case FAULT_KIND_COUNT:
        break;
    }
    NEVER("fault kind outside its enum");
}

/* Fields of every answer; `more` (one or NULL) is added. */
static void reply(struct http_ticket *ticket, const struct http_answer *answer,
                  const struct http_field *more, unsigned more_count)
{
    struct http_field fields[8] = {
        {SLICE_INIT("access-control-allow-origin"), SLICE_INIT("*")},
        {SLICE_INIT("access-control-expose-headers"),
         SLICE_INIT("x-sentry-error, x-sentry-rate-limits, retry-after")},
    };
    struct http_answer whole = *answer;
    MUST(more_count <= 6);
    whole.fields = fields;
    whole.field_count = 2;
    for (unsigned i = 0; i < more_count; i++) {
        fields[whole.field_count++] = more[i];
    }
    http_reply(ticket, &whole);
}

void reply_json(struct http_ticket *ticket, unsigned status, struct slice json)
{
    reply(ticket,
          &(struct http_answer){.status = status, .content_type = "application/json", .body = json},
          NULL, 0);
}

void reply_text(struct http_ticket *ticket, unsigned status, struct slice text)
{
    reply(ticket,
          &(struct http_answer){
              .status = status, .content_type = "text/plain; charset=utf-8", .body = text},
          NULL, 0);
}

void reply_fault(struct http_ticket *ticket, struct fault fault)
{
    struct buffer buffer;
    struct json json;
    char room[BODY_BYTES_MAX];
    MUST(fault_is(fault));
    buffer_over(&buffer, room, sizeof(room));
    json_init(&json, &buffer);
    json_map(&json);
    json_member_string(&json, "detail", slice_str(fault.reason));
    json_key(&json, "causes");
    json_list(&json);
    if (fault.offset != FAULT_NO_OFFSET) {
        char place[48];
        snprintf(place, sizeof(place), "at byte %zu of the body", fault.offset);
        json_string(&json, slice_str(place));
    }
    json_list_end(&json);
    json_map_end(&json);
    unsigned status = reply_status(fault.kind);
    struct http_field fields[] = {{SLICE_INIT("x-sentry-error"), slice_str(fault.reason)},
                                  {SLICE_INIT("retry-after"), SLICE_INIT(RETRY_AFTER_SECONDS)}};
    reply(ticket,
          &(struct http_answer){
              .status = status, .content_type = "application/json", .body = buffer_slice(&buffer)},
          fields, status == 503 || status == 429 ? 2 : 1);
}

void reply_kept(struct http_ticket *ticket, const struct http_answer *answer, struct slice limits)
{
    struct http_field field = {SLICE_INIT("x-sentry-rate-limits"), limits};
    reply(ticket, answer, &field, limits.len != 0 ? 1 : 0);
}

void reply_limited(struct http_ticket *ticket, struct slice limits, unsigned retry_after_s)
{
    static const char reason[] = "event submission rejected with_reason: RateLimited";
    char seconds[16];
    snprintf(seconds, sizeof(seconds), "%u", retry_after_s);
    struct http_field fields[] = {{SLICE_INIT("x-sentry-error"), slice_str(reason)},
                                  {SLICE_INIT("retry-after"), slice_str(seconds)},
                                  {SLICE_INIT("x-sentry-rate-limits"), limits}};
    reply(ticket,
          &(struct http_answer){.status = 429,
                                .content_type = "application/json",
                                .body = SLICE("{\"detail\":\"event submission rejected "
                                              "with_reason: RateLimited\",\"causes\":[]}")},
          fields, limits.len != 0 ? 3 : 2);
}

void reply_method(struct http_ticket *ticket, const char *allowed)
{
    struct http_field field = {SLICE_INIT("allow"), slice_str(allowed)};
    reply(ticket,
          &(struct http_answer){.status = 405,
                                .content_type = "application/json",
                                .body = SLICE("{\"detail\":\"this path does not take that "
                                              "method; see the Allow header\",\"causes\":[]}")},
          &field, 1);
}

void reply_preflight(struct http_ticket *ticket)
{
    static const struct http_field fields[] = {
        {SLICE_INIT("access-control-allow-methods"), SLICE_INIT("POST")},
        {SLICE_INIT("access-control-allow-headers"),
         SLICE_INIT("x-sentry-auth, x-requested-with, x-forwarded-for, origin, referer, accept, "
                    "content-type, authentication, authorization, content-encoding, "
                    "transfer-encoding")},
        {SLICE_INIT("access-control-max-age"), SLICE_INIT("3600")},
    };
    reply(ticket, &(struct http_answer){.status = 200}, fields, 3);
}
