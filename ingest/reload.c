/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/reload.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/host/clock.h"
#include "ingest/host/log.h"
#include "ingest/load.h"
#include "rules/difference.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define WATCHED_MAX (1 + LISTEN_MAX) /* projects.json, and each --geoip */

/* Which file a path leads to: one that is replaced within a tick of the clock has another inode. */
struct stamp {
    struct timespec time;
    uint64_t inode;
};

struct reload {
    const struct options *options;
    const struct data_dir *data;
    struct snapshot_box *box;
    struct stamp stamps[WATCHED_MAX]; /* of the files that were read last */
    int64_t loaded_us;
    pthread_t maker; /* of automata */
    bool is_making;
    _Atomic bool is_made;
    char made_for[65]; /* the digest of those rules: one try for each */
};

struct reload *reload_new(const struct options *options, const struct data_dir *data)
{
    MUST(options != NULL && data != NULL);
    struct reload *reload = calloc(1, sizeof(*reload));
    if (reload == NULL) {
        return NULL;
    }
    *reload = (struct reload){.options = options, .data = data, .box = snapshot_box_new()};
    if (reload->box == NULL) {
        free(reload);
        return NULL;
    }
    return reload;
}

void reload_free(struct reload *reload)
{
    if (reload != NULL) {
        if (reload->is_making) {
            MUST(pthread_join(reload->maker, NULL) == 0);
        }
        snapshot_box_free(reload->box);
        free(reload);
    }
}

struct snapshot_box *reload_box(const struct reload *reload)
{
    MUST(reload != NULL);
    return reload->box;
}

static void tell(void *context, bool is_warning, struct slice text)
{
    (void)context;
    log_write(is_warning ? LOG_WARNING : LOG_ERROR, "problem", "text=\"%.*s\"", SLICE_ARG(text));
}

/* Zero when there is none. */
static struct stamp stamp_of(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (struct stamp){status.st_mtim, status.st_ino}
                                    : (struct stamp){0};
}

static void stamps_of(const struct reload *reload, struct stamp stamps[static WATCHED_MAX])
{
    const struct options *options = reload->options;
    char path[PATH_MAX];
    int length = snprintf(path, sizeof(path), "%s/projects.json", reload->data->path);
    memset(stamps, 0, WATCHED_MAX * sizeof(*stamps));
    stamps[0] = length < PATH_MAX ? stamp_of(path) : (struct stamp){0};
    MUST(options->geoip_count < WATCHED_MAX);
    for (unsigned i = 0; i < options->geoip_count; i++) {
        stamps[1 + i] = stamp_of(options->geoip[i]);
    }
}

/* Rules named in the log after a reload; more are counted. */
#define TOLD_MAX 20u

static void tell_rule(void *context, enum rule_change change, const struct rule_info *info)
{
    static const char *const changes[] = {"rule added", "rule removed", "rule changed"};
    uint32_t *told = context;
    if ((*told)++ < TOLD_MAX) {
        log_write(LOG_INFO, changes[change], "id=%.*s title=\"%.*s\" file=%.*s",
                  SLICE_ARG(info->id), SLICE_ARG(info->title), SLICE_ARG(info->file));
    }
}

/* What has changed since the snapshot in use. */
static void tell_rules(const struct reload *reload, const struct snapshot *loaded)
{
    uint32_t told = 0;
    struct snapshot *before = snapshot_current(reload->box);
    if (before == NULL) {
        return;
    }
    struct rules_difference found = rules_compare(before->rules, loaded->rules, tell_rule, &told);
    struct slice digest = loaded->rules != NULL ? ruleset_digest(loaded->rules) : SLICE("none");
    log_write(LOG_INFO, "rules", "added=%u removed=%u changed=%u digest=%.*s", found.added,
              found.removed, found.changed, SLICE_ARG(digest));
    snapshot_release(before);
}

bool reload_now(struct reload *reload)
{
    MUST(reload != NULL);
    uint64_t before = snapshot_generation(reload->box);
    stamps_of(reload, reload->stamps);
    reload->loaded_us = clock_monotonic_us();
    struct loaded loaded = load_snapshot(reload->options, reload->data, tell, NULL);
    if (loaded.snapshot == NULL) {
        if (before > 0) {
            log_write(LOG_ERROR, "reload refused: what was loaded before stays in use",
                      "generation=%llu", (unsigned long long)before);
        }
        return false;
    }
    uint32_t rules = loaded.snapshot->rules != NULL ? ruleset_count(loaded.snapshot->rules) : 0;
    if (before > 0 || loaded.errors > 0) {
        log_write(LOG_INFO, "loaded", "projects=%u rules=%u rule_errors=%u warnings=%u",
                  loaded.snapshot->projects.count, rules, loaded.rule_errors, loaded.warnings);
    }
    tell_rules(reload, loaded.snapshot);
    snapshot_publish(reload->box, loaded.snapshot);
    return true;
}

static void *make(void *context)
{
    struct reload *reload = context;
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(),
                      10); /* this thread's; at worst it is not nice */
    load_automata(reload->options, reload->data);
    atomic_store(&reload->is_made, true);
    return NULL;
}

bool reload_automata(struct reload *reload)
{
    MUST(reload != NULL);
    struct snapshot *snapshot = snapshot_current(reload->box);
    bool lacks = !reload->is_making && snapshot != NULL && snapshot->rules != NULL &&
                 ruleset_lacks_automata(snapshot->rules) &&
                 !slice_eq(ruleset_digest(snapshot->rules), slice_str(reload->made_for));
    if (lacks) {
        snprintf(reload->made_for, sizeof(reload->made_for), "%.*s",
                 SLICE_ARG(ruleset_digest(snapshot->rules)));
        atomic_store(&reload->is_made, false);
        reload->is_making = pthread_create(&reload->maker, NULL, make, reload) == 0;
    }
    snapshot_release(snapshot);
    return reload->is_making;
}

bool reload_is_making(const struct reload *reload)
{
    MUST(reload != NULL);
    return reload->is_making && !atomic_load(&reload->is_made);
}

/* True: automata were made, and are in use. */
static bool take_automata(struct reload *reload)
{
    if (!reload->is_making) {
        if (clock_monotonic_us() - reload->loaded_us > RULE_AUTOMATA_AFTER_MS * INT64_C(1000)) {
            (void)reload_automata(reload);
        }
        return false;
    }
    if (!atomic_load(&reload->is_made)) {
        return false;
    }
    MUST(pthread_join(reload->maker, NULL) == 0);
    reload->is_making = false;
    return reload_now(reload);
}

bool reload_if_changed(struct reload *reload)
{
    if (take_automata(reload)) {
        return true;
    }
    struct stamp now[WATCHED_MAX];
    stamps_of(reload, now);
    bool is_same = memcmp(now, reload->stamps, sizeof(now)) == 0;
    return !is_same && reload_now(reload);
}
