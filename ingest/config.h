/* SPDX-License-Identifier: Apache-2.0 */
/* config — the configuration file: one YAML map whose keys belong to parts of the server.
 *
 *   route, receivers, external_url    alerting/config.h
 *   rules: [packs/web, /etc/sigma]    files and folders of Sigma rules, from the file's folder on;
 *                                     or a map {paths: [...], oracle: N}: 1 event in N is matched a
 *                                     second time without the index, and must give the same answer
 *   packs: [issues]                   which of the shipped packs of rules are used; left out: all
 *   scrub: {fields: [account_no]}     what else is taken out of events: scrubbing.h
 *   journal: {scrub: true}            out of what is kept of requests, too
 *   grouping: [{project: shop, …}]    whose events are grouped by which rules: grouping.h
 *
 * A key that nobody knows is an error with its place: a typing slip must not silence a pager.
 */
#pragma once
#include "alerting/config.h"
#include "ingest/base/problem.h"

#define CONFIG_RULES_MAX 64u /* paths; each may be a folder of any size */

struct config {
    struct alerting_config *alerts;      /* one reference, the caller's */
    const char *rules[CONFIG_RULES_MAX]; /* absolute, in the arena */
    unsigned rules_count;
    const struct value *packs;    /* names, a LIST; NULL: all */
    uint32_t oracle;              /* 0: not said */
    const struct value *grouping; /* for grouping.h; NULL: no rules of projects */
    const struct value *scrub;    /* for scrubbing.h; NULL: the defaults */
    bool scrub_journal;
};

/* Fills from the file at `path`; `path` NULL gives the configuration of no file. False: see
 * `problems`, and `out` is untouched. Texts live in `arena`. */
bool config_load(struct arena *arena, const char *path, struct problems *problems,
                 struct config *out);
