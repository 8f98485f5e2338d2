/* SPDX-License-Identifier: Apache-2.0 */
/* snapshot — what every thread believes: projects, rules, configuration. Immutable, swapped whole.
 *
 *   main thread: build ─▶ snapshot_publish ─▶ box ◀─ snapshot_current ─ workers, replay, API,
 * alerting
 *
 * A reader holds a reference while it uses one. Asking whether there is a newer one is one relaxed
 * load, so workers ask before every batch. What is being used is freed by whoever lets go last.
 */
#pragma once
#include "alerting/config.h"
#include "ingest/grouping.h"
#include "ingest/normalise/geo.h"
#include "ingest/projects.h"
#include "ingest/rule_ledger.h"
#include "ingest/scrubbing.h"
#include "rules/rules.h"
#include <stdatomic.h>
#include <stdint.h>

struct snapshot {
    atomic_uint references;
    uint64_t generation; /* from 1, one more for each published */
    struct arena arena;  /* holds projects and whatever the others borrow */
    struct projects projects;
    struct grouping grouping;   /* projects' own rules of what belongs together */
    struct scrubbing scrubbing; /* what is taken out of whose events */
    bool scrub_journal;         /* before the journal has them, too */
    struct geo *geo;            /* owned; NULL: no database */
    struct ruleset *rules;      /* owned */
    struct rule_ledger *ledger; /* owned; NULL: the rules are not counted */
    uint32_t oracle;            /* 1 event in so many is matched without the index too; 0: none */
    uint32_t rule_errors;       /* problems of rule files that were left out */
    struct alerting_config *alerts; /* one reference */
};

/* Gives an empty snapshot with one reference, to be filled and published; NULL without memory. */
struct snapshot *snapshot_new(void);
void snapshot_release(struct snapshot *snapshot); /* NULL is fine; any thread */

struct snapshot_box; /* any thread */
struct snapshot_box *snapshot_box_new(void);
void snapshot_box_free(struct snapshot_box *box);

/* Takes the caller's reference. */
void snapshot_publish(struct snapshot_box *box, struct snapshot *snapshot);

/* Gives a reference to the newest; NULL before the first. */
struct snapshot *snapshot_current(struct snapshot_box *box);

/* Generation of the newest, 0 before the first. Never blocks. */
uint64_t snapshot_generation(const struct snapshot_box *box);
