/* SPDX-License-Identifier: Apache-2.0 */
/* limits — takes what a request holds from its project's buckets, and says so in the field's words.
 *
 *   X-Sentry-Rate-Limits: 60:error;transaction:project:daily, 5:session:key:burst
 *
 * A bucket that is empty keeps its categories out of this request; one that has just become empty
 * is told too, with the 200 that the request gets. Owner: the worker's thread.
 */
#pragma once
#include "ingest/decode/limited.h"
#include "ingest/settings.h"
#include "storage/limiter.h"

struct limits_answer {
    struct limited limited; /* what may not pass; names borrow the settings */
    bool is_any;
    unsigned retry_after_s; /* the longest of those that keep something out */
    struct slice header;    /* in the arena; empty: no bucket is empty */
};

/* Fills `out` for a request of `key` that holds `accepted` units of each category. */
void limits_take(struct limiter *limiter, const struct project_settings *settings,
                 const struct bucket_name *project, const uint32_t accepted[CATEGORY_COUNT],
                 struct arena *arena, struct limits_answer *out);
