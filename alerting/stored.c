/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/stored.h"
#include "ingest/base/id.h"
#include "ingest/base/json.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/value.h"
#include <inttypes.h>

#define LABELS_BYTES_MAX  65536u
#define MEMBERS_BYTES_MAX (GROUP_ALERTS_MAX * 48u)

/* The value of a field in a HGETALL reply. */
static struct slice field(const redisReply *reply, const char *name)
{
    for (size_t i = 0; i + 1 < reply->elements; i += 2) {
        const redisReply *key = reply->element[i];
        const redisReply *value = reply->element[i + 1];
        bool are_texts = key->type == REDIS_REPLY_STRING && value->type == REDIS_REPLY_STRING;
        if (are_texts && slice_eq(slice_of(key->str, key->len), slice_str(name))) {
            return slice_of(value->str, value->len);
        }
    }
    return slice_of(NULL, 0);
}

/* Digits up to a bound that leaves room for sums; anything else is 0. */
static int64_t number(struct slice text)
{
    int64_t out = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9' || out > INT64_MAX / 100) {
            return 0;
        }
        out = out * 10 + (text.at[i] - '0');
    }
    return out;
}

static uint32_t number32(struct slice text)
{
    int64_t wide = number(text);
    return wide < UINT32_MAX ? (uint32_t)wide : 0;
}

static enum alert_state state_of(struct slice name)
{
    for (uint32_t i = 0; i < ALERT_STATE_COUNT; i++) {
        if (slice_eq(name, slice_str(alert_state_name((enum alert_state)i)))) {
            return (enum alert_state)i;
        }
    }
    return ALERT_NONE;
}

static bool read_labels(struct slice json, struct arena *arena, struct labels *out)
{
    struct value *root = NULL;
    if (!labels_init(out, ALERT_LABELS_MAX, arena)) {
        return false;
    }
    struct fault fault = value_parse_json(arena, arena_copy(arena, json), &root);
    if (fault_is(fault)) {
        return !arena->exhausted;
    }
    for (const struct value *member = value_first(root); member != NULL; member = member->next) {
        if (!labels_set(out, member->key, value_string(member))) {
            break;
        }
    }
    return true;
}

bool stored_read_alert(const redisReply *reply, struct slice key, struct arena *arena,
                       struct alert *out)
{
    struct alert alert = {.key = key};
    MUST(reply->type == REDIS_REPLY_ARRAY);
    alert.state = state_of(field(reply, "state"));
    alert.is_muted = slice_eq(field(reply, "muted"), SLICE("1"));
    alert.period = number32(field(reply, "period"));
    alert.events = (uint64_t)number(field(reply, "events"));
    alert.starts_us = number(field(reply, "starts"));
    alert.ends_us = number(field(reply, "ends"));
    alert.news_us = number(field(reply, "news"));
    alert.resolve_us = number(field(reply, "resolve"));
    alert.issue = arena_copy(arena, field(reply, "issue"));
    bool is_firing = alert.state == ALERT_FIRING || alert.state == ALERT_ACKNOWLEDGED;
    alert.resolve_us = is_firing ? alert.resolve_us : 0;
    alert.period = is_firing && alert.period == 0 ? 1 : alert.period;
    if (!read_labels(field(reply, "labels"), arena, &alert.labels) ||
        !read_labels(field(reply, "annotations"), arena, &alert.annotations)) {
        return false;
    }
    *out = alert;
    return !arena->exhausted;
}

/* "key:told key:told …" */
static void read_members(struct slice text, struct arena *arena, struct group *group,
                         struct slice *out_members)
{
    MUST(group->count <= GROUP_ALERTS_MAX);
    text = arena_copy(arena, text);
    while (text.len != 0 && group->count < GROUP_ALERTS_MAX) {
        struct slice item = slice_head(text, slice_find(text, ' '));
        size_t colon = slice_find(item, ':');
        text = slice_from(text, item.len + 1);
        if (colon != ID_HEX_BYTES || colon == item.len) {
            continue;
        }
        group->members[group->count].told_period = number32(slice_from(item, colon + 1));
        out_members[group->count++] = slice_head(item, colon);
    }
}

bool stored_read_group(const redisReply *reply, struct arena *arena, struct stored_group *out,
                       struct slice *out_members)
{
    MUST(reply->type == REDIS_REPLY_ARRAY && out->id.len == ID_HEX_BYTES);
    struct group *group = &out->group;
    group->members = ARENA_ARRAY(arena, GROUP_ALERTS_MAX, struct group_member);
    if (group->members == NULL) {
        return false;
    }
    out->key = arena_copy(arena, field(reply, "key"));
    out->route = arena_copy(arena, field(reply, "route"));
    out->lane = arena_copy(arena, field(reply, "lane"));
    out->birth = arena_copy(arena, field(reply, "birth"));
    out->last = arena_copy(arena, field(reply, "last"));
    group->opened_us = number(field(reply, "opened"));
    group->told_us = number(field(reply, "told"));
    group->notices = number32(field(reply, "notices"));
    group->left_out = (uint64_t)number(field(reply, "left_out"));
    read_members(field(reply, "members"), arena, group, out_members);
    if (group->count != 0 && group->opened_us == 0) {
        group->opened_us = 1; /* it began at some time */
    }
    return read_labels(field(reply, "labels"), arena, &out->labels) && !arena->exhausted;
}

static void put(struct stored_fields *out, const char *name, struct slice value)
{
    MUST(name != NULL);
    MUST(out->count + 2 <= STORED_FIELDS_MAX);
    out->items[out->count++] = slice_str(name);
    out->items[out->count++] = value;
}

static void put_number(struct stored_fields *out, const char *name, int64_t value,
                       struct arena *arena)
{
    MUST(value >= 0);
    put(out, name, arena_printf(arena, "%" PRId64, value));
}

static void put_labels(struct stored_fields *out, const char *name, const struct labels *labels,
                       struct arena *arena)
{
    struct buffer text;
    struct json json;
    buffer_init(&text, LABELS_BYTES_MAX);
    json_init(&json, &text);
    json_map(&json);
    for (uint32_t i = 0; i < labels->count; i++) {
        json_key_slice(&json, labels->items[i].name);
        json_string(&json, labels->items[i].value);
    }
    json_map_end(&json);
    put(out, name, text.overflowed ? SLICE("{}") : arena_copy(arena, buffer_slice(&text)));
    buffer_done(&text);
}

bool stored_write_alert(const struct alert *alert, struct arena *arena, struct stored_fields *out)
{
    MUST(alert->state != ALERT_NONE && alert->key.len == ID_HEX_BYTES);
    out->count = 0;
    put(out, "state", slice_str(alert_state_name(alert->state)));
    put(out, "muted", alert->is_muted ? SLICE("1") : SLICE("0"));
    put_number(out, "period", alert->period, arena);
    put_number(out, "events", (int64_t)(alert->events & INT64_MAX), arena);
    put_number(out, "starts", alert->starts_us, arena);
    put_number(out, "ends", alert->ends_us, arena);
    put_number(out, "news", alert->news_us, arena);
    put_number(out, "resolve", alert->resolve_us, arena);
    put(out, "issue", alert->issue);
    put_labels(out, "labels", &alert->labels, arena);
    put_labels(out, "annotations", &alert->annotations, arena);
    return !arena->exhausted;
}

static struct slice write_members(const struct group *group, struct arena *arena)
{
    struct buffer text;
    buffer_init(&text, MEMBERS_BYTES_MAX);
    for (uint32_t i = 0; i < group->count; i++) {
        const struct group_member *member = &group->members[i];
        MUST(member->alert->key.len == ID_HEX_BYTES);
        buffer_printf(&text, "%s%.*s:%u", i != 0 ? " " : "", SLICE_ARG(member->alert->key),
                      member->told_period);
    }
    MUST(!text.overflowed || text.len < MEMBERS_BYTES_MAX);
    struct slice copy = arena_copy(arena, buffer_slice(&text));
    buffer_done(&text);
    return copy;
}

bool stored_write_group(const struct stored_group *group, struct arena *arena,
                        struct stored_fields *out)
{
    MUST(group->id.len == ID_HEX_BYTES && group->lane.len != 0);
    out->count = 0;
    put(out, "key", group->key);
    put(out, "route", group->route);
    put(out, "lane", group->lane);
    put(out, "birth", group->birth);
    put(out, "last", group->last);
    put_labels(out, "labels", &group->labels, arena);
    put_number(out, "opened", group->group.opened_us, arena);
    put_number(out, "told", group->group.told_us, arena);
    put_number(out, "notices", group->group.notices, arena);
    put_number(out, "left_out", (int64_t)(group->group.left_out & INT64_MAX), arena);
    put(out, "members", write_members(&group->group, arena));
    return !arena->exhausted;
}
