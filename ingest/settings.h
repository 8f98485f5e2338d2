/* SPDX-License-Identifier: Apache-2.0 */
/* settings — what a project says about what it takes: origins, filters, limits.
 *
 *   "settings": {
 *     "origins": ["*.shop.example"],                         pages that may send; absent: all
 *     "filters": {"releases": ["*-beta"], "environments": [], "messages": ["ResizeObserver*"],
 *                 "localhost": true, "browser_extensions": true, "crawlers": true},
 *     "limits": [{"name": "daily", "categories": ["error"], "count": 10000, "seconds": 86400,
 *                 "per_key": false}]
 *   }
 *
 * Part of a project in projects.json; `tocsin project set NAME KEY JSON` changes one of the three.
 * A limit is a bucket of `count` that fills up again within `seconds`; without categories it is of
 * all of them together. Read strictly: what is written wrong is refused, not passed over. Pure.
 */
#pragma once
#include "ingest/base/fault.h"
#include "ingest/base/value.h"
#include "ingest/event/category.h"
#include "ingest/event/filter.h"

#define PROJECT_LIMITS_MAX   16u
#define LIMIT_NAME_BYTES_MAX 32u
#define LIMIT_SECONDS_MAX    2678400u /* 31 days */
#define LIMIT_COUNT_MAX      1000000000u
#define SETTINGS_BYTES_MAX   65536u /* of one project, as JSON */

struct limit {
    struct slice name;   /* [a-z0-9_-]{1,32} */
    uint32_t categories; /* bits 1 << enum category; 0: all */
    uint32_t count;      /* from 1 */
    uint32_t seconds;    /* from 1 */
    bool per_key;        /* a bucket for each key, not one for the project */
};

struct project_settings {
    struct filter filter;
    struct patterns origins; /* none: all may send */
    const struct limit *limits;
    uint32_t limit_count;
    const struct value *json; /* as written; NULL: nothing is set */
};

/* Fills from the member `settings` (NULL: nothing is set); borrows it and the arena. MALFORMED with
 * a reason. */
MUST_USE struct fault settings_read(struct arena *arena, const struct value *json,
                                    struct project_settings *out);

/* Gives `old` (may be NULL) with `key` ("origins", "filters", "limits") replaced by `json`, or
 * without it when that is null. MALFORMED for another key and for what settings_read refuses. */
MUST_USE struct fault settings_change(struct arena *arena, const struct value *old,
                                      struct slice key, struct slice json,
                                      struct project_settings *out);

/* True when the limit is of this category. Client reports are never limited. */
bool limit_covers(const struct limit *limit, enum category category);
