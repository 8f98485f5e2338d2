/* SPDX-License-Identifier: Apache-2.0 */
/* queries — what the API reads from Redis, and the one thing it writes (an issue's status).
 *
 * Blocking, with the link's timeouts; reconnects by itself, once per call. Results are filled into
 * the caller's arena. Faults are the same for all: UNAVAILABLE (Redis away or refusing:
 * queries_error says why), NOT_FOUND, TOO_BIG (the arena is full). Owner: one thread.
 */
#pragma once
#include "ingest/base/arena.h"
#include "ingest/base/fault.h"
#include "storage/effect.h"
#include "storage/redis.h"

/* Where an event's bytes lie: the pass over that record, event `index`, gives it again. The id of
 * what comes out must be compared: a journal restored from a copy may number anew. */
struct place {
    uint8_t node[4]; /* the first bytes of the node id */
    uint32_t index;
    uint64_t sequence;
};

enum issue_status { ISSUE_UNRESOLVED, ISSUE_RESOLVED, ISSUE_IGNORED, ISSUE_STATUS_COUNT };
const char *issue_status_name(enum issue_status status);
bool issue_status_parse(struct slice name, enum issue_status *out);

struct issue {
    uint64_t id;
    uint32_t project;
    enum issue_status status;
    enum level level;
    struct slice type; /* as event_type_name */
    struct slice title;
    struct slice culprit;
    struct slice platform;
    struct slice logger;
    struct slice first_release;
    struct slice last_release;
    int64_t first_seen_us; /* whole milliseconds */
    int64_t last_seen_us;
    uint64_t count; /* of events */
    uint64_t users; /* estimate, within 1 % */
    struct id first_event;
    struct id last_event;
    struct place last_place;
    uint64_t merged_into; /* of a list's issue always 0 */
};

struct issue_filter {
    uint32_t project;
    unsigned statuses; /* bits 1 << enum issue_status; 0: all */
    unsigned limit;    /* 1 to ISSUES_PER_PAGE_MAX */
    int64_t before_ms; /* cursor: from `next_ms`, `next_id` of the page before; 0: from the start */
    uint64_t before_id;
};

struct issue_page {
    struct issue *issues; /* by last_seen, newest first */
    unsigned count;
    bool has_more;
    int64_t next_ms;
    uint64_t next_id;
};

struct storage_statistics {
    uint64_t keys;         /* in the database */
    uint64_t memory_bytes; /* used by Redis */
    bool durable;          /* appendonly is on */
    char redis_version[16];
};

struct queries;

/* Gives a handle; connects with the first question. `index_hours` as in committer_options. */
struct queries *queries_new(const struct redis_options *options, uint32_t index_hours);
void queries_free(struct queries *queries);
const char *queries_error(const struct queries *queries);

MUST_USE struct fault queries_issues(struct queries *queries, struct arena *arena,
                                     const struct issue_filter *filter, struct issue_page *out);

/* The issue, or the one it was merged into: `out->id` tells which. */
MUST_USE struct fault queries_issue(struct queries *queries, struct arena *arena, uint64_t id,
                                    struct issue *out);

/* An issue's part: what was merged into it, or itself. */
struct issue_part {
    uint64_t issue; /* its id while it was one of its own */
    uint64_t count;
    struct id last_event;
    struct id *hashes;
    uint32_t hash_count;
};

/* Makes all of `issues` one, the first; they must be of one project. Fills what they are now, and
 * how many were not part of it before. Faults: NOT_FOUND, also for one of another project. */
MUST_USE struct fault queries_merge(struct queries *queries, const uint64_t *issues, uint32_t count,
                                    uint64_t *out_issue, uint32_t *out_merged);

/* Takes the part of `issue` that `hash` came with out again; fills its id. Faults: NOT_FOUND,
 * MALFORMED: the hash is the issue's own. */
MUST_USE struct fault queries_unmerge(struct queries *queries, uint64_t issue, struct id hash,
                                      uint64_t *out_issue);

/* The parts of an issue, itself first, in `arena`; NOT_FOUND when there is no such issue. */
MUST_USE struct fault queries_parts(struct queries *queries, struct arena *arena, uint64_t issue,
                                    struct issue_part **out, uint32_t *out_count);

/* Where event `id` of the project lies; `now_us` tells which hours to look through. */
MUST_USE struct fault queries_event(struct queries *queries, uint32_t project, struct id id,
                                    int64_t now_us, struct place *out, uint64_t *out_issue);

/* `*out_changed` false: it already had that status. The fact it makes names `actor`. */
struct issue_change {
    uint64_t issue;
    enum issue_status status;
    struct slice actor;
    int64_t now_us;
};
MUST_USE struct fault queries_set_status(struct queries *queries, const struct issue_change *change,
                                         bool *out_changed);

MUST_USE struct fault queries_statistics(struct queries *queries, struct storage_statistics *out);
