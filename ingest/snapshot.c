/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/snapshot.h"
#include "ingest/base/must.h"
#include <pthread.h>
#include <stdlib.h>

/* PROJECTS_MAX projects and the tree they were read from. */
#define SNAPSHOT_BYTES (64u << 20)

struct snapshot_box {
    pthread_mutex_t lock;
    struct snapshot *newest; /* one reference is the box's */
    _Atomic uint64_t generation;
};

struct snapshot *snapshot_new(void)
{
    struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
    if (snapshot == NULL) {
        return NULL;
    }
    if (!arena_init(&snapshot->arena, SNAPSHOT_BYTES)) {
        free(snapshot);
        return NULL;
    }
    snapshot->scrubbing.common = scrub_rules_new(&snapshot->arena, NULL);
    MUST(snapshot->scrubbing.common != NULL);
    atomic_init(&snapshot->references, 1);
    return snapshot;
}

void snapshot_release(struct snapshot *snapshot)
{
    if (snapshot == NULL) {
        return;
    }
    unsigned before = atomic_fetch_sub_explicit(&snapshot->references, 1, memory_order_acq_rel);
    MUST(before > 0);
    if (before == 1) {
        geo_close(snapshot->geo);
        rule_ledger_free(snapshot->ledger);
        ruleset_free(snapshot->rules);
        alerting_config_unref(snapshot->alerts);
        arena_done(&snapshot->arena);
        free(snapshot);
    }
}

struct snapshot_box *snapshot_box_new(void)
{
    struct snapshot_box *box = calloc(1, sizeof(*box));
    if (box != NULL) {
        MUST(pthread_mutex_init(&box->lock, NULL) == 0);
    }
    return box;
}

void snapshot_box_free(struct snapshot_box *box)
{
    if (box != NULL) {
        snapshot_release(box->newest);
        MUST(pthread_mutex_destroy(&box->lock) == 0);
        free(box);
    }
}

void snapshot_publish(struct snapshot_box *box, struct snapshot *snapshot)
{
    MUST(pthread_mutex_lock(&box->lock) == 0);
    struct snapshot *old = box->newest;
    snapshot->generation = atomic_load(&box->generation) + 1;
    box->newest = snapshot;
    atomic_store(&box->generation, snapshot->generation);
    MUST(pthread_mutex_unlock(&box->lock) == 0);
    snapshot_release(old);
}

struct snapshot *snapshot_current(struct snapshot_box *box)
{
    MUST(pthread_mutex_lock(&box->lock) == 0);
    struct snapshot *snapshot = box->newest;
    if (snapshot != NULL) {
        atomic_fetch_add_explicit(&snapshot->references, 1, memory_order_relaxed);
    }
    MUST(pthread_mutex_unlock(&box->lock) == 0);
    return snapshot;
}

uint64_t snapshot_generation(const struct snapshot_box *box)
{
    return atomic_load_explicit(&box->generation, memory_order_acquire);
}
