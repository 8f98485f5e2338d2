/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/config.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/base/yaml.h"
#include "ingest/host/file.h"
#include <errno.h>

static const char *const keys[] = {"route", "receivers", "external_url", "rules",
                                   "packs", "scrub",     "journal",      "grouping"};

static void refuse_unknown(const struct value *root, struct slice file, struct problems *problems)
{
    for (const struct value *member = value_first(root); member != NULL; member = member->next) {
        bool known = false;
        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
            known = known || slice_eq(member->key, slice_str(keys[i]));
        }
        if (!known) {
            problem_error(problems, file, member->line, member->column,
                          "unknown key '%.*s'; there are route, receivers, external_url, rules, "
                          "packs, scrub, journal and grouping",
                          SLICE_ARG(member->key));
        }
    }
}

/* `path` as it stands when absolute, else from the folder of `file` on. */
static const char *from_folder(struct arena *arena, const char *file, struct slice path)
{
    const char *slash = strrchr(file, '/');
    if (slice_starts(path, SLICE("/")) || slash == NULL) {
        return arena_str(arena, path);
    }
    struct slice folder = slice_of(file, (size_t)(slash - file) + 1);
    return arena_str(arena, arena_concat(arena, (struct slice[]){folder, path}, 2));
}

static void read_oracle(const struct value *oracle, struct slice file, struct problems *problems,
                        struct config *config)
{
    int64_t every = 0;
    if (!value_integer(oracle, &every) || every < 0 || every > UINT32_MAX) {
        problem_error(problems, file, oracle->line, oracle->column,
                      "oracle is a number: 1 event in so many is checked, 0 for none");
        return;
    }
    config->oracle = (uint32_t)every;
}

/* `{paths: [...], oracle: N}`; gives the paths. */
static const struct value *read_rules_map(const struct value *rules, struct slice file,
                                          struct problems *problems, struct config *config)
{
    const struct value *paths = NULL;
    for (const struct value *at = value_first(rules); at != NULL; at = at->next) {
        if (slice_eq(at->key, SLICE("paths"))) {
            paths = at;
        } else if (slice_eq(at->key, SLICE("oracle"))) {
            read_oracle(at, file, problems, config);
        } else {
            problem_error(problems, file, at->line, at->column, "rules has paths and oracle");
        }
    }
    return paths;
}

static void read_rules(struct arena *arena, const char *path, const struct value *rules,
                       struct problems *problems, struct config *config)
{
    struct slice file = slice_str(path);
    if (value_is(rules, VALUE_MAP)) {
        rules = read_rules_map(rules, file, problems, config);
    }
    if (rules != NULL && rules->kind != VALUE_LIST) {
        problem_error(problems, file, rules->line, rules->column,
                      "rules is a list of files and folders: rules: [packs/web]");
        return;
    }
    for (const struct value *entry = value_first(rules); entry != NULL; entry = entry->next) {
        if (entry->kind != VALUE_STRING || config->rules_count == CONFIG_RULES_MAX) {
            problem_error(problems, file, entry->line, entry->column,
                          "a path of rules is a text, and there are at most %u", CONFIG_RULES_MAX);
            return;
        }
        config->rules[config->rules_count++] = from_folder(arena, path, entry->of.text);
    }
}

/* `packs: [issues, application-security]` */
static void read_packs(const struct value *packs, struct slice file, struct problems *problems,
                       struct config *config)
{
    if (packs != NULL && packs->kind != VALUE_LIST) {
        problem_error(problems, file, packs->line, packs->column,
                      "packs is a list of names: packs: [issues, application-security]");
        return;
    }
    config->packs = packs;
}

/* `journal: {scrub: true}` */
static void read_journal(const struct value *journal, struct slice file, struct problems *problems,
                         struct config *config)
{
    if (journal == NULL) {
        return;
    }
    const struct value *scrub = value_get(journal, SLICE("scrub"));
    if (journal->count != 1 || !value_bool(scrub, &config->scrub_journal)) {
        problem_error(problems, file, journal->line, journal->column,
                      "journal has one setting: journal: {scrub: true}");
    }
}

/* The file's one document: a map, or nothing at all. */
static bool read_root(struct arena *arena, const char *path, struct problems *problems,
                      const struct value **out)
{
    struct slice text;
    struct value *documents = NULL;
    struct slice file = slice_str(path);
    struct fault fault = file_read(arena, path, YAML_BYTES_MAX, &text);
    if (fault_is(fault)) {
        problem_error(problems, file, 0, 0, "cannot be read: %s",
                      fault.kind == FAULT_TOO_BIG ? fault.reason : strerror(errno));
        return false;
    }
    if (!yaml_parse(arena, text, file, problems, &documents)) {
        return false;
    }
    const struct value *first = value_first(documents);
    if (documents->count > 1 ||
        (first != NULL && first->kind != VALUE_MAP && first->kind != VALUE_NULL)) {
        problem_error(problems, file, first->line, first->column,
                      "a configuration is one YAML map, such as `route: {receiver: oncall}`");
        return false;
    }
    *out = value_is(first, VALUE_MAP) ? first : NULL;
    return true;
}

bool config_load(struct arena *arena, const char *path, struct problems *problems,
                 struct config *out)
{
    struct config config = {0};
    const struct value *root = NULL;
    uint32_t errors_before = problems->errors;
    if (path != NULL) {
        if (!read_root(arena, path, problems, &root)) {
            return false;
        }
        refuse_unknown(root, slice_str(path), problems);
        read_rules(arena, path, value_get(root, SLICE("rules")), problems, &config);
        read_packs(value_get(root, SLICE("packs")), slice_str(path), problems, &config);
        read_journal(value_get(root, SLICE("journal")), slice_str(path), problems, &config);
        config.grouping = value_get(root, SLICE("grouping"));
        config.scrub = value_get(root, SLICE("scrub"));
    }
    config.alerts = alerting_config_new(root, slice_str(path), problems);
    if (problems->errors != errors_before || config.alerts == NULL) {
        alerting_config_unref(config.alerts);
        return false;
    }
    MUST(config.rules_count <= CONFIG_RULES_MAX);
    *out = config;
    return true;
}
