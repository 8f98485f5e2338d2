/* SPDX-License-Identifier: Apache-2.0 */
/* grouping — whose events are grouped by which rules of their own.
 *
 *   grouping:
 *     - project: shop                  # slug or id; left out: all that have no entry of their own
 *       fingerprint_rules: shop.fp     # fingerprint_rules.h; a file, from the configuration's
 * folder on stack_rules: shop.stack        # stack_config.h
 *
 * Files and not texts in the configuration, since people have such files, and mistakes in them have
 * lines. Immutable once read; lives in the snapshot's arena.
 */
#pragma once
#include "ingest/fingerprint/fingerprint_rules.h"
#include "ingest/normalise/stack_config.h"
#include "ingest/projects.h"

/* Entries of one configuration: large installations have a few dozen with rules of their own. */
#define GROUPING_ENTRIES_MAX 1000u

struct grouping_entry {
    struct slice project;                         /* as written; empty: every */
    uint32_t id;                                  /* of the project; 0: not known */
    const struct stack_config *stack;             /* or NULL */
    const struct fingerprint_rules *fingerprints; /* or NULL */
    uint32_t line;                                /* where it stands */
};

struct grouping {
    struct grouping_entry *list;
    uint32_t count;
};

/* Fills from the configuration's value `list` (NULL: nothing), whose file is at `path`. False when
 * something is wrong, in it or in a file it names: see `problems`. */
bool grouping_read(struct arena *arena, const char *path, const struct value *list,
                   struct problems *problems, struct grouping *out);

/* Finds the projects that entries name; tells of those that are not there, as warnings. */
void grouping_resolve(struct grouping *grouping, const struct projects *projects, struct slice file,
                      struct problems *problems);

/* The rules for a project's events: its own entry's, else the one for every; never NULL. */
const struct grouping_entry *grouping_for(const struct grouping *grouping, uint32_t project);
