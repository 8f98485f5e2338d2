/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/envelope.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"

#define FIRST_ITEMS 4u /* most envelopes hold one or two */

struct reader {
    struct arena *arena;
    struct slice body;
    size_t at;
};

/* What is said of a header that is wrong: the envelope's, or an item's. */
struct header_faults {
    const char *not_json;
    const char *not_map;
    const char *too_long;
};

static const struct header_faults of_envelope = {
    "envelope: header is not JSON",
    "envelope: header is not a JSON object",
    "envelope: header is longer than allowed",
};
static const struct header_faults of_item = {
    "envelope: item header is not JSON",
    "envelope: item header is not a JSON object",
    "envelope: item header is longer than allowed",
};

/* Reads the JSON object at the mark and moves behind its closing brace. */
static struct fault read_header(struct reader *r, const struct header_faults *faults,
                                const struct value **out)
{
    struct slice rest = slice_from(r->body, r->at);
    struct value *headers = NULL;
    size_t used = 0;
    struct fault fault = value_parse_json_front(
        r->arena, slice_head(rest, ENVELOPE_HEADER_BYTES_MAX), &headers, &used);
    if (fault.kind == FAULT_MALFORMED) {
        if (used == ENVELOPE_HEADER_BYTES_MAX && rest.len > used) {
            return fault_at(FAULT_TOO_BIG, faults->too_long, r->at);
        }
        return fault_at(FAULT_MALFORMED, faults->not_json, r->at + used);
    }
    if (fault_is(fault)) {
        return fault_at(fault.kind, fault.reason, r->at + used);
    }
    if (headers->kind != VALUE_MAP) {
        return fault_at(FAULT_MALFORMED, faults->not_map, r->at);
    }
    r->at += used;
    MUST(r->at <= r->body.len);
    *out = headers;
    return FAULT_OK;
}

/* Moves past the newline that has to be here, unless the body ends. */
static struct fault end_line(struct reader *r, const char *reason)
{
    if (r->at == r->body.len) {
        return FAULT_OK;
    }
    if (r->body.at[r->at] != '\n') {
        return fault_at(FAULT_MALFORMED, reason, r->at);
    }
    r->at++;
    return FAULT_OK;
}

static uint32_t count_members(const struct value *map, struct slice key)
{
    uint32_t count = 0;
    for (const struct value *at = value_first(map); at != NULL; at = at->next) {
        count += slice_eq(at->key, key);
    }
    return count;
}

static struct fault read_event_id(const struct value *headers, struct id *out)
{
    const struct value *value = value_get(headers, SLICE("event_id"));
    if (value == NULL || value->kind == VALUE_NULL) {
        return FAULT_OK;
    }
    if (!id_parse(value_string(value), out)) {
        return fault_at(FAULT_MALFORMED, "envelope: event_id is not 32 hex digits", 0);
    }
    return FAULT_OK;
}

static struct fault read_envelope_header(struct reader *r, struct envelope *out)
{
    struct fault fault = read_header(r, &of_envelope, &out->headers);
    if (fault_is(fault)) {
        return fault;
    }
    fault = read_event_id(out->headers, &out->event_id);
    if (fault_is(fault)) {
        return fault;
    }
    if (count_members(out->headers, SLICE("sent_at")) > 1) {
        return fault_at(FAULT_MALFORMED, "envelope: header has sent_at twice", 0);
    }
    const struct value *sdk = value_get(out->headers, SLICE("sdk"));
    out->dsn = value_string(value_get(out->headers, SLICE("dsn")));
    out->sdk_name = value_string(value_get(sdk, SLICE("name")));
    out->sdk_version = value_string(value_get(sdk, SLICE("version")));
    (void)time_parse(value_string(value_get(out->headers, SLICE("sent_at"))), &out->sent_at_us);
    return end_line(r, "envelope: no newline after the header");
}

/* The payload runs to the next newline, or to the end. */
static struct slice read_line(struct reader *r)
{
    MUST(r->at <= r->body.len);
    struct slice rest = slice_from(r->body, r->at);
    struct slice line = slice_head(rest, slice_find(rest, '\n'));
    r->at += line.len;
    return line;
}

static struct fault read_payload(struct reader *r, struct envelope_item *item)
{
    MUST(r->at <= r->body.len);
    const struct value *length = value_get(item->headers, SLICE("length"));
    item->offset = r->at;
    if (length == NULL || length->kind == VALUE_NULL) {
        item->payload = read_line(r);
        return end_line(r, "envelope: no newline after the payload");
    }
    int64_t bytes = 0;
    if (length->kind != VALUE_NUMBER || !value_integer(length, &bytes) || bytes < 0 ||
        bytes > UINT32_MAX) {
        return fault_at(FAULT_MALFORMED, "envelope: item length is not a size", r->at);
    }
    if ((uint64_t)bytes > r->body.len - r->at) {
        return fault_at(FAULT_MALFORMED, "envelope: item length runs past the end of the body",
                        r->at);
    }
    item->payload = slice_of(r->body.at + r->at, (size_t)bytes);
    r->at += (size_t)bytes;
    MUST(r->at <= r->body.len);
    return end_line(r, "envelope: no newline where item length says the payload ends");
}

/* What may stand in an envelope next to what came before. */
static struct fault judge(const struct envelope *envelope, const struct envelope_item *item)
{
    MUST(item->kind < ITEM_KIND_COUNT);
    bool is_event = item->kind == ITEM_EVENT || item->kind == ITEM_TRANSACTION;
    if (slice_eq(item->type, SLICE("integration"))) {
        return fault_at(FAULT_MALFORMED, "envelope: items of type integration are not accepted",
                        item->offset);
    }
    if (is_event && envelope_event(envelope) != NULL) {
        return fault_at(FAULT_MALFORMED, "envelope: more than one event or transaction",
                        item->offset);
    }
    if (item->payload.len > item_bytes_max(item->kind)) {
        return fault_at(FAULT_TOO_BIG,
                        is_event ? "envelope: event is larger than allowed"
                                 : "envelope: item is larger than its type allows",
                        item->offset);
    }
    return FAULT_OK;
}

static struct fault read_item(struct reader *r, struct envelope_item *item)
{
    size_t start = r->at;
    struct fault fault = read_header(r, &of_item, &item->headers);
    if (fault_is(fault)) {
        return fault;
    }
    const struct value *type = value_get(item->headers, SLICE("type"));
    if (!value_is(type, VALUE_STRING)) {
        return fault_at(FAULT_MALFORMED, "envelope: item header has no type", start);
    }
    item->type = type->of.text;
    item->kind = item_kind_of(item->type);
    fault = end_line(r, "envelope: no newline after the item header");
    return fault_is(fault) ? fault : read_payload(r, item);
}

/* The array doubles inside the arena. */
struct fault envelope_add(struct arena *arena, struct envelope *envelope,
                          const struct envelope_item *item)
{
    if (envelope->count == ENVELOPE_ITEMS_MAX) {
        return fault_at(FAULT_TOO_BIG, "envelope: more items than allowed", item->offset);
    }
    if (envelope->count == envelope->room) {
        uint32_t room = envelope->room != 0 ? 2 * envelope->room : FIRST_ITEMS;
        struct envelope_item *grown = ARENA_ARRAY(arena, room, struct envelope_item);
        if (grown == NULL) {
            return fault_make(FAULT_TOO_BIG, "envelope: no memory left");
        }
        if (envelope->count != 0) {
            memcpy(grown, envelope->items, envelope->count * sizeof(*grown));
        }
        envelope->items = grown;
        envelope->room = room;
    }
    MUST(envelope->count < envelope->room);
    envelope->items[envelope->count++] = *item;
    return FAULT_OK;
}

struct fault envelope_parse(struct arena *arena, struct slice body, struct envelope *out)
{
    MUST(arena != NULL && out != NULL);
    struct reader r = {.arena = arena, .body = body};
    struct envelope envelope = {0};
    if (body.len == 0) {
        return fault_at(FAULT_MALFORMED, "envelope: empty body", 0);
    }
    struct fault fault = read_envelope_header(&r, &envelope);
    while (!fault_is(fault) && r.at < body.len) {
        struct envelope_item item = {0};
        fault = read_item(&r, &item);
        if (!fault_is(fault)) {
            fault = judge(&envelope, &item);
        }
        if (!fault_is(fault)) {
            fault = envelope_add(arena, &envelope, &item);
        }
    }
    if (!fault_is(fault)) {
        *out = envelope;
    }
    return fault;
}

bool envelope_needs_event_id(const struct envelope *envelope)
{
    MUST(envelope->count == 0 || envelope->items != NULL);
    for (uint32_t i = 0; i < envelope->count; i++) {
        if (item_needs_event_id(envelope->items[i].kind)) {
            return true;
        }
    }
    return false;
}

const struct envelope_item *envelope_event(const struct envelope *envelope)
{
    MUST(envelope->count == 0 || envelope->items != NULL);
    for (uint32_t i = 0; i < envelope->count; i++) {
        const struct envelope_item *item = &envelope->items[i];
        if (item->kind == ITEM_EVENT || item->kind == ITEM_TRANSACTION) {
            return item;
        }
    }
    return NULL;
}

bool envelope_item_is_container(const struct envelope_item *item)
{
    return value_get(item->headers, SLICE("item_count")) != NULL &&
           (item->kind == ITEM_LOG || item->kind == ITEM_TRACE_METRIC || item->kind == ITEM_SPAN);
}

struct fault envelope_item_members(struct arena *arena, const struct envelope_item *item,
                                   const struct value **out)
{
    MUST(envelope_item_is_container(item));
    struct value *root = NULL;
    struct fault fault = value_parse_json(arena, item->payload, &root);
    if (fault_is(fault)) {
        fault.offset += fault.offset != FAULT_NO_OFFSET ? item->offset : 0;
        return fault;
    }
    const struct value *members = value_get(root, SLICE("items"));
    int64_t promised = 0;
    if (!value_is(members, VALUE_LIST)) {
        return fault_at(FAULT_MALFORMED, "envelope: container has no list of items", item->offset);
    }
    if (!value_integer(value_get(item->headers, SLICE("item_count")), &promised) ||
        promised != members->count) {
        return fault_at(FAULT_MALFORMED, "envelope: item_count is not the number of items",
                        item->offset);
    }
    *out = members;
    return FAULT_OK;
}
