/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/rewrite.h"
#include "ingest/base/json.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "ingest/decode/refusals.h"

/* ---- writing ---- */

static void text(struct json *json, const char *key, struct slice value)
{
    if (value.len != 0) {
        json_member_string(json, key, value);
    }
}

/* The user with the place of an address that may be gone by the next pass. */
static void write_user(struct json *json, const struct event *event)
{
    const struct geo_place *place = &event->user.place;
    json_map(json);
    for (const struct value *at = value_first(event->user.raw); at != NULL; at = at->next) {
        if (!slice_eq(at->key, SLICE("geo"))) {
            json_key_slice(json, at->key);
            json_value(json, at);
        }
    }
    if (place->country_code.len != 0 || place->city.len != 0) {
        json_key(json, "geo");
        json_map(json);
        text(json, "country_code", place->country_code);
        text(json, "city", place->city);
        text(json, "subdivision", place->region);
        text(json, "region", place->country);
        json_map_end(json);
    }
    json_map_end(json);
}

/* Members that are written anew, from what the pass made of them. */
static bool is_made(struct slice key)
{
    return slice_eq(key, SLICE("event_id")) || slice_eq(key, SLICE("timestamp")) ||
           slice_eq(key, SLICE("user")) || slice_eq(key, SLICE("sentry.interfaces.User"));
}

/* The event with its id and its time as the pass has them: the envelope that gave them is not kept.
 */
static void write_event(struct json *json, const struct event *event)
{
    char hex[ID_HEX_BYTES + 1];
    char date[TIME_TEXT_BYTES];
    json_map(json);
    id_format(event->id, hex);
    time_format(event->timestamp_us, 6, date);
    json_member_string(json, "event_id", slice_str(hex));
    json_member_string(json, "timestamp", slice_str(date));
    json_key(json, "user");
    write_user(json, event);
    for (const struct value *at = value_first(event->root); at != NULL; at = at->next) {
        if (!is_made(at->key)) {
            json_key_slice(json, at->key);
            json_value(json, at);
        }
    }
    json_map_end(json);
}

static void write_passed(struct json *json, const struct passed_event *passed)
{
    char hex[ID_HEX_BYTES + 1];
    json_map(json);
    json_key(json, "event");
    write_event(json, passed->event);
    json_key(json, "hashes");
    json_list(json);
    for (uint32_t i = 0; i < passed->effect->hash_count; i++) {
        id_format(passed->effect->hashes[i], hex);
        json_string(json, slice_str(hex));
    }
    json_list_end(json);
    json_member_integer(json, "category", passed->effect->category);
    json_member_integer(json, "bytes", (int64_t)passed->bytes);
    json_map_end(json);
}

/* Lines for what is only counted, in `arena`; the last first, as the pass gathers them. */
static struct slice write_counts(struct arena *arena, const struct effect *effects)
{
    struct slice all = slice_of(NULL, 0);
    for (const struct effect *at = effects; at != NULL; at = at->next) {
        char line[REFUSAL_LINE_BYTES_MAX];
        if (!effect_is_count(at)) {
            continue;
        }
        const struct refusal refusal = {at->project, at->fate, at->category, at->quantity,
                                        at->reason};
        struct slice parts[] = {refusal_write(&refusal, line), all};
        all = arena_concat(arena, parts, 2);
    }
    return all;
}

struct fault rewrite_record(const struct record *record, const struct outcome *outcome,
                            bool drop_address, struct arena *keep, struct record *out)
{
    struct buffer buffer;
    struct json json;
    size_t room = 0;
    struct slice counts = write_counts(keep, outcome->effects);
    char *at = arena_rest(keep, &room);
    buffer_over(&buffer, at, room < BODY_WIRE_BYTES_MAX ? room : BODY_WIRE_BYTES_MAX);
    json_init(&json, &buffer);
    json_map(&json);
    json_key(&json, "events");
    json_list(&json);
    for (const struct passed_event *one = outcome->events; one != NULL; one = one->next) {
        MUST(one->effect->hash_count > 0);
        write_passed(&json, one);
    }
    json_list_end(&json);
    json_member_string(&json, "counts", counts);
    json_map_end(&json);
    if (buffer.overflowed || keep->exhausted) {
        arena_rest_spoiled(keep, buffer.len);
        return fault_make(FAULT_TOO_BIG, "request: larger than allowed");
    }
    MUST(arena_bytes(keep, buffer.len) == at);
    *out = *record;
    out->kind = RECORD_SCRUBBED;
    out->body = buffer_slice(&buffer);
    out->content_type = out->content_encoding = out->parameters = slice_of(NULL, 0);
    out->address = drop_address ? slice_of(NULL, 0) : record->address;
    return FAULT_OK;
}

/* ---- reading ---- */

static bool read_one(const struct value *entry, struct rewritten *out)
{
    int64_t category = 0;
    int64_t bytes = 0;
    struct value *event = value_is(entry, VALUE_MAP) ? entry->of.children.first : NULL;
    if (!value_is(event, VALUE_MAP) || !slice_eq(event->key, SLICE("event")) ||
        !value_integer(value_get(entry, SLICE("category")), &category) || category < 0 ||
        category >= CATEGORY_COUNT || !value_integer(value_get(entry, SLICE("bytes")), &bytes)) {
        return false;
    }
    *out = (struct rewritten){
        .event = event, .category = (enum category)category, .bytes = (size_t)bytes};
    const struct value *hash = value_first(value_get(entry, SLICE("hashes")));
    for (; hash != NULL && out->hash_count < EFFECT_HASHES_MAX; hash = hash->next) {
        if (!id_parse(value_string(hash), &out->hashes[out->hash_count++])) {
            return false;
        }
    }
    return out->hash_count > 0;
}

struct fault rewrite_read(struct arena *arena, struct slice body, struct rewritten **out,
                          uint32_t *count, struct slice *counts)
{
    struct value *root = NULL;
    struct fault fault = value_parse_json(arena, body, &root);
    if (fault_is(fault)) {
        return fault;
    }
    const struct value *events = value_get(root, SLICE("events"));
    if (!value_is(events, VALUE_LIST)) {
        return fault_make(FAULT_MALFORMED, "record: not what rewriting makes");
    }
    *out = ARENA_ARRAY(arena, events->count, struct rewritten);
    *count = 0;
    *counts = value_string(value_get(root, SLICE("counts")));
    for (const struct value *at = value_first(events); at != NULL && *out != NULL; at = at->next) {
        if (!read_one(at, &(*out)[(*count)++])) {
            return fault_make(FAULT_MALFORMED, "record: not what rewriting makes");
        }
    }
    MUST(*out == NULL || *count == events->count);
    return *out != NULL ? FAULT_OK : fault_make(FAULT_TOO_BIG, "record: no memory left");
}
