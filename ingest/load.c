/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/load.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/config.h"
#include "ingest/rule_memory.h"

/* A configuration file with its tree, and the problems of a whole rule set. */
#define WORK_BYTES ((size_t)YAML_VALUES_MAX * 128 + (64u << 20))

/* The rules in use: ours, those of the configuration, those of the command line. */
static struct ruleset *load_rules(const struct options *options, const struct config *config,
                                  const struct rules_memory *memory, struct problems *problems)
{
    const char *paths[CONFIG_RULES_MAX + LISTEN_MAX];
    uint32_t count = 0;
    for (unsigned i = 0; i < config->rules_count; i++) {
        paths[count++] = config->rules[i];
    }
    for (unsigned i = 0; i < options->rules_count; i++) {
        paths[count++] = options->rules[i];
    }
    return rules_load_packs(config->packs, paths, count, memory, problems);
}

/* False: see `problems`. */
static bool load_geo(const struct options *options, struct problems *problems, struct geo **out)
{
    uint32_t bad = 0;
    const char *why = NULL;
    if (options->geoip_count == 0) {
        return true;
    }
    *out = geo_open(options->geoip, options->geoip_count, &bad, &why);
    if (*out == NULL) {
        problem_error(problems, slice_str(options->geoip[bad]), 0, 0,
                      "not a MaxMind DB that can be used: %s", why);
    }
    return *out != NULL;
}

static struct snapshot *build(const struct options *options, const struct data_dir *data,
                              struct arena *work, struct problems *problems, struct loaded *loaded)
{
    struct config config;
    struct snapshot *snapshot = snapshot_new();
    if (snapshot == NULL) {
        problem_error(problems, SLICE("tocsin"), 0, 0, "no memory left");
        return NULL;
    }
    if (!config_load(work, options->config, problems, &config)) {
        snapshot_release(snapshot);
        return NULL;
    }
    snapshot->alerts = config.alerts;
    snapshot->scrub_journal = config.scrub_journal;
    if (!load_geo(options, problems, &snapshot->geo) ||
        !scrubbing_read(&snapshot->arena, config.scrub, slice_str(options->config), problems,
                        &snapshot->scrubbing)) {
        snapshot_release(snapshot);
        return NULL;
    }
    if (data != NULL) {
        struct fault fault = data_dir_projects(data, &snapshot->arena, &snapshot->projects);
        if (fault_is(fault)) {
            problem_error(problems, slice_str(data->path), 0, 0, "projects.json: %s", fault.reason);
            snapshot_release(snapshot);
            return NULL;
        }
    }
    if (!grouping_read(&snapshot->arena, options->config, config.grouping, problems,
                       &snapshot->grouping)) {
        snapshot_release(snapshot);
        return NULL;
    }
    if (data != NULL) {
        grouping_resolve(&snapshot->grouping, &snapshot->projects, slice_str(options->config),
                         problems);
    }
    uint32_t before = problems->errors;
    struct rule_memory kept;
    snapshot->rules =
        load_rules(options, &config,
                   data != NULL ? rule_memory_init(&kept, data->path, false) : NULL, problems);
    snapshot->oracle = config.oracle;
    snapshot->ledger = snapshot->rules != NULL ? rule_ledger_new(snapshot->rules) : NULL;
    snapshot->rule_errors = problems->errors - before;
    loaded->rule_errors = snapshot->rule_errors;
    return snapshot;
}

struct loaded load_snapshot(const struct options *options, const struct data_dir *data,
                            void (*tell)(void *context, bool is_warning, struct slice text),
                            void *context)
{
    struct loaded loaded = {0};
    struct arena work;
    struct problems problems;
    MUST(options != NULL);
    if (!arena_init(&work, WORK_BYTES)) {
        tell(context, false, SLICE("no memory left"));
        return loaded;
    }
    problems_init(&problems, &work);
    loaded.snapshot = build(options, data, &work, &problems, &loaded);
    for (const struct problem *problem = problems.first; problem != NULL; problem = problem->next) {
        tell(context, problem->is_warning, problem_text(problem, &work));
    }
    loaded.errors = problems.errors;
    loaded.warnings = problems.warnings;
    arena_done(&work);
    return loaded;
}

void load_automata(const struct options *options, const struct data_dir *data)
{
    struct arena work;
    struct problems problems;
    struct config config;
    struct rule_memory kept;
    MUST(options != NULL && data != NULL);
    if (!arena_init(&work, WORK_BYTES)) {
        return;
    }
    problems_init(&problems, &work);
    if (config_load(&work, options->config, &problems, &config)) {
        ruleset_free(
            load_rules(options, &config, rule_memory_init(&kept, data->path, true), &problems));
        alerting_config_unref(config.alerts);
    }
    arena_done(&work);
}
