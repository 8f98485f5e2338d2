/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/grouping.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/host/file.h"
#include <errno.h>

/* The configuration that is being read. */
struct source {
    struct arena *arena;
    const char *path;
    struct problems *problems;
};

static const char *from_folder(const struct source *source, struct slice path)
{
    const char *slash = strrchr(source->path, '/');
    if (slice_starts(path, SLICE("/")) || slash == NULL) {
        return arena_str(source->arena, path);
    }
    struct slice folder = slice_of(source->path, (size_t)(slash - source->path) + 1);
    return arena_str(source->arena, arena_concat(source->arena, (struct slice[]){folder, path}, 2));
}

/* The text of the rule file that `member` names; false when it cannot be had, which is told. */
static bool read_file(const struct source *source, const struct value *member, const char **path,
                      struct slice *text)
{
    struct slice file = slice_str(source->path);
    if (!value_is(member, VALUE_STRING)) {
        problem_error(source->problems, file, member->line, member->column,
                      "%.*s names a file of rules", SLICE_ARG(member->key));
        return false;
    }
    *path = from_folder(source, member->of.text);
    struct fault fault = file_read(source->arena, *path, GROUPING_RULES_BYTES_MAX, text);
    if (fault_is(fault)) {
        problem_error(source->problems, file, member->line, member->column, "%s cannot be read: %s",
                      *path, fault.kind == FAULT_UNAVAILABLE ? strerror(errno) : fault.reason);
        return false;
    }
    return true;
}

static bool read_member(const struct source *source, const struct value *member,
                        struct grouping_entry *out)
{
    const char *path = NULL;
    struct slice text;
    if (slice_eq(member->key, SLICE("project"))) {
        out->project = arena_copy(source->arena, value_text(member));
        return true;
    }
    if (slice_eq(member->key, SLICE("stack_rules"))) {
        out->stack =
            !read_file(source, member, &path, &text)
                ? NULL
                : stack_config_parse(source->arena, text, slice_str(path), source->problems);
        return out->stack != NULL;
    }
    if (slice_eq(member->key, SLICE("fingerprint_rules"))) {
        out->fingerprints =
            !read_file(source, member, &path, &text)
                ? NULL
                : fingerprint_rules_parse(source->arena, text, slice_str(path), source->problems);
        return out->fingerprints != NULL;
    }
    problem_error(source->problems, slice_str(source->path), member->line, member->column,
                  "unknown key '%.*s'; there are project, fingerprint_rules and stack_rules",
                  SLICE_ARG(member->key));
    return false;
}

bool grouping_read(struct arena *arena, const char *path, const struct value *list,
                   struct problems *problems, struct grouping *out)
{
    const struct source source = {arena, path, problems};
    bool is_well = true;
    *out = (struct grouping){0};
    if (list == NULL) {
        return true;
    }
    MUST(path != NULL);
    if (list->kind != VALUE_LIST || list->count > GROUPING_ENTRIES_MAX) {
        problem_error(problems, slice_str(path), list->line, list->column,
                      "grouping is a list of up to %u: grouping: [{project: shop, stack_rules: "
                      "shop.stack}]",
                      GROUPING_ENTRIES_MAX);
        return false;
    }
    out->list = ARENA_ARRAY(arena, list->count, struct grouping_entry);
    for (const struct value *at = value_first(list); at != NULL && out->list != NULL;
         at = at->next) {
        struct grouping_entry *entry = &out->list[out->count++];
        entry->line = at->line;
        if (!value_is(at, VALUE_MAP)) {
            problem_error(
                problems, slice_str(path), at->line, at->column,
                "an entry of grouping is a map: {project: shop, stack_rules: shop.stack}");
            is_well = false;
        }
        for (const struct value *member = value_is(at, VALUE_MAP) ? value_first(at) : NULL;
             member != NULL; member = member->next) {
            is_well &= read_member(&source, member, entry);
        }
    }
    MUST(out->count <= GROUPING_ENTRIES_MAX);
    return is_well && (out->list != NULL || list->count == 0);
}

void grouping_resolve(struct grouping *grouping, const struct projects *projects, struct slice file,
                      struct problems *problems)
{
    for (uint32_t i = 0; i < grouping->count; i++) {
        struct grouping_entry *entry = &grouping->list[i];
        if (entry->project.len == 0) {
            continue;
        }
        const struct project *project = projects_by_name(projects, entry->project);
        entry->id = project != NULL ? project->id : 0;
        if (project == NULL) {
            problem_warning(problems, file, entry->line, 1,
                            "there is no project '%.*s' (yet): its grouping rules wait for it",
                            SLICE_ARG(entry->project));
        }
    }
}

const struct grouping_entry *grouping_for(const struct grouping *grouping, uint32_t project)
{
    static const struct grouping_entry none;
    const struct grouping_entry *found = &none;
    MUST(project != 0);
    for (uint32_t i = grouping->count; i-- > 0;) {
        const struct grouping_entry *entry = &grouping->list[i];
        if (entry->project.len != 0 && entry->id == project) {
            return entry;
        }
        found = entry->project.len == 0 ? entry : found; /* the first is left standing */
    }
    return found;
}
