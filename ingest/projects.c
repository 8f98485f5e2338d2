/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/projects.h"
#include "ingest/base/json.h"
#include "ingest/base/must.h"
#include "ingest/base/value.h"

#define SLUG_BYTES_MAX 50u

static bool is_slug(struct slice slug)
{
    bool has_letter = false;
    for (size_t i = 0; i < slug.len; i++) {
        char c = slug.at[i];
        bool letter = (c >= 'a' && c <= 'z') || c == '-' || c == '_';
        if (!letter && !(c >= '0' && c <= '9')) {
            return false;
        }
        has_letter = has_letter || letter;
    }
    return has_letter && slug.len <= SLUG_BYTES_MAX; /* all digits would read as an id */
}

static struct fault read_keys(const struct value *keys, struct project *project)
{
    for (const struct value *key = value_first(keys); key != NULL; key = key->next) {
        if (project->key_count == PROJECT_KEYS_MAX ||
            !id_parse(value_string(key), &project->keys[project->key_count])) {
            return fault_make(FAULT_MALFORMED, "projects: a key is not 32 hex digits, or too many");
        }
        project->key_count++;
    }
    return FAULT_OK;
}

static struct fault read_one(struct arena *arena, const struct value *entry,
                             struct project *project)
{
    int64_t id = 0;
    if (!value_integer(value_get(entry, SLICE("id")), &id) || id < 1 || id > UINT32_MAX) {
        return fault_make(FAULT_MALFORMED, "projects: an id is not a number from 1");
    }
    project->id = (uint32_t)id;
    project->slug = value_string(value_get(entry, SLICE("slug")));
    if (!is_slug(project->slug)) {
        return fault_make(FAULT_MALFORMED, "projects: a slug is not of the form [a-z0-9_-]{1,50}");
    }
    struct fault fault = read_keys(value_get(entry, SLICE("keys")), project);
    return fault_is(fault)
               ? fault
               : settings_read(arena, value_get(entry, SLICE("settings")), &project->settings);
}

struct fault projects_parse(struct arena *arena, struct slice json, struct projects *out)
{
    struct value *root = NULL;
    struct fault fault = value_parse_json(arena, json, &root);
    if (fault_is(fault)) {
        return fault;
    }
    const struct value *list = value_get(root, SLICE("projects"));
    if (!value_is(list, VALUE_LIST) || list->count > PROJECTS_MAX) {
        return fault_make(FAULT_MALFORMED, "projects: no list \"projects\", or too long a one");
    }
    struct projects read = {.list = ARENA_ARRAY(arena, list->count, struct project)};
    if (read.list == NULL) {
        return fault_make(FAULT_TOO_BIG, "projects: no memory left");
    }
    for (const struct value *entry = value_first(list); entry != NULL; entry = entry->next) {
        struct project *project = &read.list[read.count];
        fault = read_one(arena, entry, project);
        if (fault_is(fault)) {
            return fault;
        }
        if (read.count > 0 && project->id <= read.list[read.count - 1].id) {
            return fault_make(FAULT_MALFORMED, "projects: ids do not ascend");
        }
        read.count++;
    }
    *out = read;
    return FAULT_OK;
}

struct slice projects_write(struct arena *arena, const struct projects *projects)
{
    struct buffer buffer;
    struct json json;
    buffer_init(&buffer, (size_t)PROJECTS_MAX * 4096);
    json_init(&json, &buffer);
    json_map(&json);
    json_key(&json, "projects");
    json_list(&json);
    for (uint32_t i = 0; i < projects->count; i++) {
        const struct project *project = &projects->list[i];
        json_map(&json);
        json_member_integer(&json, "id", project->id);
        json_member_string(&json, "slug", project->slug);
        json_key(&json, "keys");
        json_list(&json);
        for (uint32_t k = 0; k < project->key_count; k++) {
            char hex[ID_HEX_BYTES + 1];
            id_format(project->keys[k], hex);
            json_string(&json, slice_str(hex));
        }
        json_list_end(&json);
        if (project->settings.json != NULL) {
            json_key(&json, "settings");
            json_value(&json, project->settings.json);
        }
        json_map_end(&json);
    }
    json_list_end(&json);
    json_map_end(&json);
    buffer_byte(&buffer, '\n');
    MUST(!buffer.overflowed);
    struct slice text = arena_copy(arena, buffer_slice(&buffer));
    buffer_done(&buffer);
    return text;
}

const struct project *projects_by_id(const struct projects *projects, uint32_t id)
{
    uint32_t low = 0;
    uint32_t high = projects->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (projects->list[middle].id < id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < projects->count && projects->list[low].id == id ? &projects->list[low] : NULL;
}

const struct project *projects_by_name(const struct projects *projects, struct slice name)
{
    uint64_t id = 0;
    bool all_digits = name.len > 0 && name.len <= 10;
    for (size_t i = 0; i < name.len && all_digits; i++) {
        all_digits = name.at[i] >= '0' && name.at[i] <= '9';
        id = id * 10 + (uint64_t)(name.at[i] - '0');
    }
    if (all_digits) {
        return id <= UINT32_MAX ? projects_by_id(projects, (uint32_t)id) : NULL;
    }
    for (uint32_t i = 0; i < projects->count; i++) {
        if (slice_eq(projects->list[i].slug, name)) {
            return &projects->list[i];
        }
    }
    return NULL;
}

const struct project *projects_by_key(const struct projects *projects, struct id key)
{
    for (uint32_t i = 0; i < projects->count; i++) {
        if (project_has_key(&projects->list[i], key)) {
            return &projects->list[i];
        }
    }
    return NULL;
}

bool project_has_key(const struct project *project, struct id key)
{
    for (uint32_t i = 0; i < project->key_count; i++) {
        if (id_eq(project->keys[i], key)) {
            return true;
        }
    }
    return false;
}

struct fault projects_set(struct arena *arena, const struct projects *old, struct slice name,
                          struct slice key, struct slice json, struct projects *out)
{
    const struct project *project = projects_by_name(old, name);
    struct project_settings settings;
    if (project == NULL) {
        return fault_make(FAULT_NOT_FOUND, "there is no project of this name");
    }
    struct fault fault = settings_change(arena, project->settings.json, key, json, &settings);
    struct project *list = ARENA_ARRAY(arena, old->count, struct project);
    if (fault_is(fault)) {
        return fault;
    }
    if (list == NULL) {
        return fault_make(FAULT_TOO_BIG, "projects: no memory left");
    }
    memcpy(list, old->list, old->count * sizeof(struct project));
    list[project - old->list].settings = settings;
    *out = (struct projects){.list = list, .count = old->count};
    return FAULT_OK;
}

struct fault projects_add(struct arena *arena, const struct projects *old, struct slice slug,
                          struct id key, struct projects *out)
{
    if (!is_slug(slug)) {
        return fault_make(FAULT_MALFORMED, "a project's name is 1 to 50 of a-z 0-9 _ -, and not "
                                           "only digits");
    }
    if (projects_by_name(old, slug) != NULL) {
        return fault_make(FAULT_MALFORMED, "a project of this name exists");
    }
    if (old->count == PROJECTS_MAX) {
        return fault_make(FAULT_TOO_BIG, "no more projects fit");
    }
    struct projects grown = {.list = ARENA_ARRAY(arena, old->count + 1u, struct project),
                             .count = old->count + 1};
    if (grown.list == NULL) {
        return fault_make(FAULT_TOO_BIG, "projects: no memory left");
    }
    if (old->count > 0) {
        memcpy(grown.list, old->list, old->count * sizeof(struct project));
    }
    uint32_t last = old->count > 0 ? old->list[old->count - 1].id : 0;
    grown.list[old->count] = (struct project){
        .id = last + 1, .slug = arena_copy(arena, slug), .keys = {key}, .key_count = 1};
    *out = grown;
    return FAULT_OK;
}
