/* SPDX-License-Identifier: Apache-2.0 */
/* projects — who may send events, and under which name they are read.
 *
 *   DIR/projects.json  {"projects":[{"id":1,"slug":"default","keys":["32 hex"],"settings":{…}}]}
 *
 * The file is replaced whole (written beside, then renamed), so that a reader never sees half of
 * one; the running server notices within a second and at once on SIGHUP. A file and not Redis,
 * since events must be taken while Redis is away and at a start without it.
 *
 * Immutable once read; shared by all threads through the snapshot.
 */
#pragma once
#include "ingest/base/arena.h"
#include "ingest/base/fault.h"
#include "ingest/base/id.h"
#include "ingest/settings.h"

/* Projects of one installation: each costs under 200 bytes; the SDKs' ids have up to 10 digits. */
#define PROJECTS_MAX     10000u
#define PROJECT_KEYS_MAX 16u

struct project {
    uint32_t id;       /* from 1 */
    struct slice slug; /* [a-z0-9_-]{1,50}: the name in URLs and in `tocsin issues` */
    struct id keys[PROJECT_KEYS_MAX];
    uint32_t key_count;
    struct project_settings settings;
};

struct projects {
    struct project *list; /* by ascending id */
    uint32_t count;
};

/* Fills from the file's text; the result lives in `arena`. Faults: MALFORMED with a reason. */
MUST_USE struct fault projects_parse(struct arena *arena, struct slice json, struct projects *out);

/* Gives the file's text, in `arena`. */
struct slice projects_write(struct arena *arena, const struct projects *projects);

/* NULL when there is none. */
const struct project *projects_by_id(const struct projects *projects, uint32_t id);

/* By slug or by id in decimal; NULL when there is none. */
const struct project *projects_by_name(const struct projects *projects, struct slice name);

/* The first one that the key opens; NULL when there is none. */
const struct project *projects_by_key(const struct projects *projects, struct id key);

bool project_has_key(const struct project *project, struct id key);

/* A copy of `old` in `arena` in which project `name` has another setting (settings_change). Faults
 * as there, and NOT_FOUND. */
MUST_USE struct fault projects_set(struct arena *arena, const struct projects *old,
                                   struct slice name, struct slice key, struct slice json,
                                   struct projects *out);

/* A copy of `old` in `arena` with one more project; id and key as given. Faults: MALFORMED for a
 * slug that is taken or not of the form. */
MUST_USE struct fault projects_add(struct arena *arena, const struct projects *old,
                                   struct slice slug, struct id key, struct projects *out);
