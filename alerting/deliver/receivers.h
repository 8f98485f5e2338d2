/* SPDX-License-Identifier: Apache-2.0 */
/* receivers — the kinds of places a notice can go to: one row here, one file per kind.
 *
 *   configuration            row                   the kind's file
 *   webhook_configs: [..] ─▶ "webhook" ── read ──▶ members of one entry → endpoint
 *                                      ── render ▶ notice → bytes to send
 *                                      ── headers ▶ what one attempt carries besides
 *
 * An endpoint is one entry of one receiver. Its lane ("oncall/webhook/0") names its queue: what
 * hangs in one lane holds up no other. Immutable once read; owned by the configuration.
 */
#pragma once
#include "alerting/deliver/notice.h"
#include "alerting/deliver/reading.h"

/* A secret as Standard Webhooks writes it (`whsec_<base64>`), decoded. */
#define SECRET_BYTES_MAX 64u

struct secret {
    uint8_t bytes[SECRET_BYTES_MAX];
    size_t len; /* 0: notices are not signed */
};

struct header {
    struct slice name;
    struct slice value;
};

struct receiver_kind;

struct endpoint {
    const struct receiver_kind *kind;
    struct slice receiver; /* its receiver's name */
    struct slice lane;
    struct slice url;
    struct secret secret;
    const struct header *headers;
    uint32_t header_count;
    bool send_resolved;
    uint32_t max_alerts; /* 0: all */
    int64_t timeout_ms;
};

typedef void receiver_read_fn(struct endpoint *endpoint, const struct value *entry,
                              struct reading *reading);
typedef void receiver_render_fn(const struct endpoint *endpoint, const struct notice *notice,
                                struct buffer *out);
typedef void receiver_headers_fn(const struct endpoint *endpoint, struct slice id,
                                 struct slice body, int64_t now_us, struct buffer *out);

struct receiver_kind {
    const char *name;             /* in lanes and metrics */
    const char *config_key;       /* the member of a receiver that lists its entries */
    receiver_read_fn *read;       /* fills the endpoint, reports what is wrong */
    receiver_render_fn *render;   /* the body, the same for all attempts */
    receiver_headers_fn *headers; /* header lines, each ended by a newline, for one attempt */
};

/* The row whose entries stand under `config_key`; NULL when there is none. */
const struct receiver_kind *receiver_kind_find(struct slice config_key);

/* All rows. */
const struct receiver_kind *receiver_kinds(uint32_t *count);
