/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/settings.h"
#include "ingest/base/must.h"

#define WRONG(reason) fault_make(FAULT_MALFORMED, "settings: " reason)

static struct fault read_patterns(struct arena *arena, const struct value *list,
                                  struct patterns *out)
{
    if (list == NULL) {
        return FAULT_OK;
    }
    if (!value_is(list, VALUE_LIST) || list->count > FILTER_PATTERNS_MAX) {
        return WRONG("patterns are a list of at most 64");
    }
    struct slice *read = ARENA_ARRAY(arena, list->count, struct slice);
    if (read == NULL && list->count != 0) {
        return fault_make(FAULT_TOO_BIG, "settings: no memory left");
    }
    for (const struct value *at = value_first(list); at != NULL; at = at->next) {
        if (value_string(at).len == 0 || value_string(at).len > 256) {
            return WRONG("a pattern is a text of 1 to 256 bytes");
        }
        read[out->count++] = value_string(at);
    }
    out->list = read;
    return FAULT_OK;
}

static struct fault read_switch(const struct value *value, bool *out)
{
    return value == NULL || value_bool(value, out) ? FAULT_OK : WRONG("a switch is true or false");
}

static struct fault read_filters(struct arena *arena, const struct value *map,
                                 struct filter *filter)
{
    static const struct slice known[] = {SLICE_INIT("releases"), SLICE_INIT("environments"),
                                         SLICE_INIT("messages"), SLICE_INIT("localhost"),
                                         SLICE_INIT("crawlers"), SLICE_INIT("browser_extensions")};
    struct patterns *const lists[] = {&filter->releases, &filter->environments, &filter->messages};
    bool *const switches[] = {&filter->localhost, &filter->crawlers, &filter->browser_extensions};
    if (map != NULL && !value_is(map, VALUE_MAP)) {
        return WRONG("filters are a map");
    }
    struct fault fault = FAULT_OK;
    for (const struct value *at = value_first(map); at != NULL && !fault_is(fault); at = at->next) {
        size_t i = 0;
        while (i < 6 && !slice_eq(at->key, known[i])) {
            i++;
        }
        fault = i == 6  ? WRONG("a filter of that name does not exist")
                : i < 3 ? read_patterns(arena, at, lists[i])
                        : read_switch(at, switches[i - 3]);
    }
    return fault;
}

static bool is_name(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '-') {
            return false;
        }
    }
    return name.len > 0 && name.len <= LIMIT_NAME_BYTES_MAX;
}

static bool read_number(const struct value *value, uint32_t most, uint32_t *out)
{
    int64_t number = 0;
    if (!value_is(value, VALUE_NUMBER) || !value_integer(value, &number) || number < 1 ||
        number > most) {
        return false;
    }
    *out = (uint32_t)number;
    return true;
}

static struct fault read_limit(const struct value *map, struct limit *out)
{
    const struct value *categories = value_get(map, SLICE("categories"));
    out->name = value_string(value_get(map, SLICE("name")));
    if (!is_name(out->name)) {
        return WRONG("a limit's name is 1 to 32 of a-z 0-9 _ -");
    }
    if (!read_number(value_get(map, SLICE("count")), LIMIT_COUNT_MAX, &out->count) ||
        !read_number(value_get(map, SLICE("seconds")), LIMIT_SECONDS_MAX, &out->seconds)) {
        return WRONG("a limit has a count and seconds, both from 1");
    }
    for (const struct value *at = value_first(categories); at != NULL; at = at->next) {
        enum category category = CATEGORY_COUNT;
        if (!category_parse(value_string(at), &category)) {
            return WRONG("a limit's category is one of the rate-limit header's");
        }
        out->categories |= 1u << category;
    }
    return read_switch(value_get(map, SLICE("per_key")), &out->per_key);
}

static struct fault read_limits(struct arena *arena, const struct value *list,
                                struct project_settings *out)
{
    if (list == NULL) {
        return FAULT_OK;
    }
    if (!value_is(list, VALUE_LIST) || list->count > PROJECT_LIMITS_MAX) {
        return WRONG("limits are a list of at most 16");
    }
    struct limit *read = ARENA_ARRAY(arena, list->count, struct limit);
    struct fault fault = FAULT_OK;
    for (const struct value *at = value_first(list); at != NULL && !fault_is(fault);
         at = at->next) {
        if (read == NULL) {
            return fault_make(FAULT_TOO_BIG, "settings: no memory left");
        }
        fault = read_limit(at, &read[out->limit_count++]);
    }
    out->limits = read;
    return fault;
}

struct fault settings_read(struct arena *arena, const struct value *json,
                           struct project_settings *out)
{
    struct project_settings read = {.json = json};
    if (json != NULL && json->kind != VALUE_MAP) {
        return WRONG("they are a map");
    }
    struct fault fault = read_patterns(arena, value_get(json, SLICE("origins")), &read.origins);
    if (!fault_is(fault)) {
        fault = read_filters(arena, value_get(json, SLICE("filters")), &read.filter);
    }
    if (!fault_is(fault)) {
        fault = read_limits(arena, value_get(json, SLICE("limits")), &read);
    }
    if (!fault_is(fault)) {
        MUST(read.limit_count <= PROJECT_LIMITS_MAX);
        *out = read;
    }
    return fault;
}

struct fault settings_change(struct arena *arena, const struct value *old, struct slice key,
                             struct slice json, struct project_settings *out)
{
    struct value *changed = value_new(arena, VALUE_MAP);
    struct value *value = NULL;
    bool is_known = slice_eq(key, SLICE("origins")) || slice_eq(key, SLICE("filters")) ||
                    slice_eq(key, SLICE("limits"));
    if (!is_known) {
        return WRONG("there are origins, filters and limits");
    }
    if (changed == NULL || json.len > SETTINGS_BYTES_MAX) {
        return fault_make(FAULT_TOO_BIG, "settings: longer than allowed");
    }
    struct fault fault = value_parse_json(arena, json, &value);
    if (fault_is(fault)) {
        return fault;
    }
    for (const struct value *at = value_first(old); at != NULL; at = at->next) {
        struct value *copy = slice_eq(at->key, key) ? NULL : value_new(arena, at->kind);
        if (copy != NULL) {
            *copy = *at;
            copy->next = NULL;
            value_append(changed, at->key, copy);
        }
    }
    if (value->kind != VALUE_NULL) {
        value_append(changed, arena_copy(arena, key), value);
    }
    return settings_read(arena, changed, out);
}

bool limit_covers(const struct limit *limit, enum category category)
{
    MUST(category < CATEGORY_COUNT);
    return category != CATEGORY_INTERNAL &&
           (limit->categories == 0 || (limit->categories >> category & 1) != 0);
}
