/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/scrubbing.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/value.h"

/* What is being read, and where to complain. */
struct reading {
    struct arena *arena;
    struct slice file;
    struct problems *problems;
    bool is_project; /* inside `projects:` */
};

/* Options in the making; the lists are their memory. */
struct collected {
    struct scrub_options options;
    struct slice fields[SCRUB_FIELDS_MAX];
    struct slice safe[SCRUB_FIELDS_MAX];
};

static void complain(struct reading *reading, const struct value *at, const char *text)
{
    problem_error(reading->problems, reading->file, at->line, at->column, "%s", text);
}

static void read_names(struct reading *reading, const struct value *list, struct slice *names,
                       uint32_t *count)
{
    if (list->kind != VALUE_LIST) {
        complain(reading, list, "a list of names is wanted, such as [account_no, pin_code]");
        return;
    }
    for (const struct value *at = value_first(list); at != NULL; at = at->next) {
        struct slice name = slice_trim(value_text(at));
        if (name.len == 0 || name.len > SCRUB_NAME_BYTES_MAX) {
            complain(reading, at, "a name is a text of 1 to 128 bytes");
        } else if (*count == SCRUB_FIELDS_MAX) {
            complain(reading, at, "more than 64 names for one project");
            return;
        } else {
            names[(*count)++] = arena_copy(reading->arena, name);
        }
    }
}

static bool read_truth(struct reading *reading, const struct value *value)
{
    bool truth = false;
    if (!value_bool(value, &truth)) {
        complain(reading, value, "true or false is wanted");
    }
    return truth;
}

static void read_member(struct reading *reading, const struct value *at,
                        struct collected *collected)
{
    struct scrub_options *options = &collected->options;
    if (slice_eq(at->key, SLICE("fields"))) {
        read_names(reading, at, collected->fields, &options->field_count);
    } else if (slice_eq(at->key, SLICE("safe_fields"))) {
        read_names(reading, at, collected->safe, &options->safe_count);
    } else if (slice_eq(at->key, SLICE("ip_addresses"))) {
        options->remove_addresses = read_truth(reading, at);
    } else if (slice_eq(at->key, SLICE("defaults"))) {
        options->keep_defaults_out = !read_truth(reading, at);
    } else if (reading->is_project || !slice_eq(at->key, SLICE("projects"))) {
        complain(reading, at,
                 "unknown key; there are fields, safe_fields, ip_addresses, defaults and projects");
    }
}

/* Adds what `map` says to `settings`; gives its rules. */
static const struct scrub_rules *read_settings(struct reading *reading, const struct value *map,
                                               struct collected *collected)
{
    collected->options.fields = collected->fields;
    collected->options.safe = collected->safe;
    if (map != NULL && map->kind != VALUE_MAP && map->kind != VALUE_NULL) {
        complain(reading, map, "a map is wanted, such as {fields: [account_no]}");
    }
    for (const struct value *at = value_first(map); at != NULL; at = at->next) {
        if (value_is(map, VALUE_MAP)) {
            read_member(reading, at, collected);
        }
    }
    return scrub_rules_new(reading->arena, &collected->options);
}

static void read_projects(struct reading *reading, const struct value *map,
                          const struct collected *common, struct scrubbing *out)
{
    reading->is_project = true;
    if (map->kind != VALUE_MAP || map->count > SCRUBBED_PROJECTS_MAX) {
        complain(reading, map, "projects is a map from at most 1000 projects to their settings");
        return;
    }
    out->projects = ARENA_ARRAY(reading->arena, map->count, struct scrubbing_project);
    for (const struct value *at = value_first(map); at != NULL && out->projects != NULL;
         at = at->next) {
        struct collected collected = *common;
        out->projects[out->count++] = (struct scrubbing_project){
            arena_copy(reading->arena, at->key), read_settings(reading, at, &collected)};
    }
}

bool scrubbing_read(struct arena *arena, const struct value *scrub, struct slice file,
                    struct problems *problems, struct scrubbing *out)
{
    struct reading reading = {arena, file, problems, false};
    struct collected common = {.options = {0}};
    struct scrubbing scrubbing = {0};
    uint32_t errors = problems->errors;
    scrubbing.common = read_settings(&reading, scrub, &common);
    const struct value *projects = value_get(scrub, SLICE("projects"));
    if (projects != NULL) {
        read_projects(&reading, projects, &common, &scrubbing);
    }
    if (arena->exhausted) {
        problem_error(problems, file, 0, 0, "scrub: no memory left");
    }
    if (problems->errors != errors) {
        return false;
    }
    MUST(scrubbing.common != NULL);
    *out = scrubbing;
    return true;
}

const struct scrub_rules *scrubbing_rules(const struct scrubbing *scrubbing,
                                          const struct project *project)
{
    for (uint32_t i = 0; i < scrubbing->count && project != NULL; i++) {
        struct slice name = scrubbing->projects[i].name;
        int64_t id = 0;
        const struct value number = {.kind = VALUE_STRING, .of.text = name};
        if (slice_eq(name, project->slug) || (value_integer(&number, &id) && id == project->id)) {
            return scrubbing->projects[i].rules;
        }
    }
    return scrubbing->common;
}
