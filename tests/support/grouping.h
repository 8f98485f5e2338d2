/* SPDX-License-Identifier: Apache-2.0 */
/* grouping — an event's JSON through decode, normalise and fingerprint, as the pipeline does it. */
#pragma once
#include "ingest/decode/event_json.h"
#include "ingest/decode/store.h"
#include "ingest/fingerprint/fingerprint.h"
#include "ingest/fingerprint/fingerprint_rules.h"
#include "ingest/normalise/normalise.h"

#define TEST_RECEIVED_US INT64_C(1795000000000000) /* 2026-11-18 */

/* False for what is no event. Everything lives in `arena`. */
static inline bool grouping_event(struct arena *arena, struct slice json, struct event *event)
{
    struct value *root = NULL;
    const struct normalise_input input = {
        .received_us = TEST_RECEIVED_US, .client_address = SLICE("192.0.2.7"), .seed = {{1, 2, 3}}};
    if (fault_is(store_parse(arena, json, &root)) || fault_is(event_decode(arena, root, event))) {
        return false;
    }
    normalise_event(arena, &input, event);
    (void)fingerprint_rules_apply(arena, NULL, event);
    return true;
}

/* The explanation of its fingerprint, as JSON in `arena`; fills `out`. */
static inline struct slice grouping_explain(struct arena *arena, const struct event *event,
                                            struct fingerprint *out)
{
    struct buffer buffer;
    struct json json;
    buffer_init(&buffer, 8u << 20);
    json_init(&json, &buffer);
    fingerprint_explain(arena, event, out, &json);
    struct slice text = arena_copy(arena, buffer_slice(&buffer));
    buffer_done(&buffer);
    return text;
}
