/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/members.h"
#include "ingest/base/json.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <errno.h>
#include <stdlib.h>

/* The index of the name that `key` is, `count` when it is none of them. */
static size_t find_name(const struct slice *names, size_t count, struct slice key)
{
    for (size_t i = 0; i < count; i++) {
        if (names[i].len == key.len && names[i].at[0] == key.at[0] &&
            memcmp(names[i].at, key.at, key.len) == 0) {
            return i;
        }
    }
    return count;
}

static void put(const struct value **found, size_t index, const struct value *value)
{
    if (value->kind != VALUE_NULL && found[index] == NULL) {
        found[index] = value;
    }
}

void members_pick(const struct value *map, const struct slice *names, size_t count,
                  const struct value **found)
{
    MUST(count <= MEMBERS_NAMES_MAX);
    memset(found, 0, count * sizeof(*found));
    if (!value_is(map, VALUE_MAP)) {
        return;
    }
    for (const struct value *at = map->of.children.first; at != NULL; at = at->next) {
        size_t index = find_name(names, count, at->key);
        if (index < count) {
            put(found, index, at);
        }
    }
}

void members_pick_next(struct members_order *order, const struct value *map,
                       const struct slice *names, size_t count, const struct value **found)
{
    size_t place = 0;
    MUST(count <= MEMBERS_NAMES_MAX && value_is(map, VALUE_MAP));
    memset(found, 0, count * sizeof(*found));
    for (const struct value *at = map->of.children.first; at != NULL; at = at->next, place++) {
        size_t last = sizeof(order->at) / sizeof(order->at[0]) - 1;
        size_t slot = place < last ? place : last;
        if (at->key.len == 0 || !slice_eq(order->at[slot].key, at->key)) {
            order->at[slot].key = at->key;
            order->at[slot].index = find_name(names, count, at->key);
        }
        if (order->at[slot].index < count) {
            put(found, order->at[slot].index, at);
        }
    }
}

void members_open(struct members_list *list, const struct value *value)
{
    MUST(list != NULL);
    *list = (struct members_list){0};
    if (value_is(value, VALUE_LIST)) {
        list->next = value_first(value);
        return;
    }
    const struct value *values = value_get(value, SLICE("values"));
    if (value_is(values, VALUE_LIST)) {
        list->next = value_first(values);
    } else if (value_is(value, VALUE_MAP) && values == NULL) {
        list->next = value;
        list->is_single = true;
    }
}

const struct value *members_next_map(struct members_list *list)
{
    MUST(list != NULL);
    while (list->next != NULL) {
        const struct value *at = list->next;
        list->next = list->is_single ? NULL : at->next;
        if (at->kind == VALUE_MAP) {
            return at;
        }
    }
    return NULL;
}

uint32_t members_count_maps(const struct value *value)
{
    struct members_list list;
    uint32_t count = 0;
    members_open(&list, value);
    while (members_next_map(&list) != NULL) {
        count++;
    }
    return count;
}

const struct value *members_map(const struct value *value)
{
    return value_is(value, VALUE_MAP) ? value : NULL;
}

enum tristate members_tristate(const struct value *value)
{
    bool truth = false;
    if (!value_bool(value, &truth)) {
        return UNKNOWN;
    }
    return truth ? YES : NO;
}

int64_t members_integer(const struct value *value, int64_t fallback)
{
    int64_t number = fallback;
    (void)value_integer(value, &number);
    return number;
}

uint64_t members_address(const struct value *value)
{
    char copy[32];
    struct slice text = value_text(value);
    if (text.len == 0 || text.len >= sizeof(copy) || text.at[0] < '0' || text.at[0] > '9') {
        return 0;
    }
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    char *end = NULL;
    errno = 0;
    bool is_hex = slice_starts(text, SLICE("0x")) || slice_starts(text, SLICE("0X"));
    unsigned long long address = strtoull(copy, &end, is_hex ? 16 : 10);
    return end == copy + text.len && errno == 0 ? address : 0;
}

struct slice members_text(struct arena *arena, const struct value *value)
{
    if (!value_is(value, VALUE_LIST) && !value_is(value, VALUE_MAP)) {
        return value_text(value);
    }
    char *room = arena_bytes(arena, MESSAGE_BYTES_MAX);
    if (room == NULL) {
        return slice_of(NULL, 0);
    }
    struct buffer buffer;
    struct json json;
    buffer_over(&buffer, room, MESSAGE_BYTES_MAX);
    json_init(&json, &buffer);
    json_value(&json, value);
    MUST(!buffer.overflowed || buffer.len <= MESSAGE_BYTES_MAX);
    return buffer_slice(&buffer);
}
