/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/tree.h"
#include "ingest/base/must.h"

void tree_member(struct arena *arena, struct value *map, struct slice key,
                 const struct value *value)
{
    if (map == NULL || value == NULL || value->kind == VALUE_NULL) {
        return;
    }
    MUST(map->kind == VALUE_MAP);
    struct value *copy = value_new(arena, value->kind);
    if (copy != NULL) {
        *copy = *value;
        copy->next = NULL;
        value_append(map, key, copy);
    }
}

void tree_text(struct arena *arena, struct value *map, const char *key, struct slice text)
{
    struct value *value = text.len != 0 && map != NULL ? value_new_string(arena, text) : NULL;
    if (value != NULL) {
        value_append(map, slice_str(key), value);
    }
}

static struct value *add(struct arena *arena, struct value *parent, struct slice key,
                         enum value_kind kind)
{
    struct value *made = parent != NULL ? value_new(arena, kind) : NULL;
    if (made != NULL) {
        value_append(parent, key, made);
    }
    return made;
}

struct value *tree_map(struct arena *arena, struct value *map, const char *key)
{
    return add(arena, map, slice_str(key), VALUE_MAP);
}

struct value *tree_list(struct arena *arena, struct value *map, const char *key)
{
    return add(arena, map, slice_str(key), VALUE_LIST);
}

struct value *tree_element(struct arena *arena, struct value *list)
{
    MUST(list == NULL || list->kind == VALUE_LIST);
    return add(arena, list, slice_of(NULL, 0), VALUE_MAP);
}

bool tree_lacks(const struct value *map, struct slice key)
{
    const struct value *value = value_get(map, key);
    return value == NULL || value->kind == VALUE_NULL;
}
