/* SPDX-License-Identifier: Apache-2.0 */
/* load — builds a snapshot from the files it is made of: configuration, rules, projects.
 *
 * Used at the start, at every reload and by `tocsin check-config`. Rule files are lenient: one that
 * is wrong is left out, shown and counted. The configuration and the projects are not: when they
 * are wrong there is no snapshot, and a running server keeps the one it has.
 */
#pragma once
#include "ingest/data_dir.h"
#include "ingest/options.h"
#include "ingest/snapshot.h"

struct loaded {
    struct snapshot *snapshot; /* one reference; NULL: nothing was built */
    uint32_t rule_errors;
    uint32_t errors; /* all, rules included */
    uint32_t warnings;
};

/* Makes the automata that these rules lack (ruleset_lacks_automata) and keeps them in the data
 * folder, where the next load_snapshot finds them. Takes seconds; any thread, tells nothing. */
void load_automata(const struct options *options, const struct data_dir *data);

/* Calls `tell(context, text)` for each problem, in order. `data` NULL: without projects. */
struct loaded load_snapshot(const struct options *options, const struct data_dir *data,
                            void (*tell)(void *context, bool is_warning, struct slice text),
                            void *context);
