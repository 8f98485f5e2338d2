/* SPDX-License-Identifier: Apache-2.0 */
/* queries_outcomes — what became of everything that a project sent, hour by hour.
 *
 * Part of queries: same owner, same faults.
 */
#pragma once
#include "ingest/event/category.h"
#include "ingest/event/fate.h"
#include "storage/queries.h"

/* Hours one question may ask for: as many as are kept. */
#define OUTCOME_HOURS_MAX (90u * 24u)

/* Different rows of one answer; a project has some dozens. */
#define OUTCOME_ROWS_MAX 1024u

struct outcome_row {
    enum fate fate;
    enum category category;
    struct slice reason; /* empty: none */
    uint64_t total;
    uint64_t *series; /* of each hour, the oldest first */
};

struct outcome_table {
    int64_t first_hour; /* since 1970 */
    uint32_t hours;
    struct outcome_row *rows; /* by total, the largest first */
    uint32_t count;
};

/* Fills the table of the `hours` that end with the one `now_us` is in. */
MUST_USE struct fault queries_outcomes(struct queries *queries, struct arena *arena,
                                       uint32_t project, int64_t now_us, uint32_t hours,
                                       struct outcome_table *out);

/* Reads a field's name ("invalid:error:malformed"); false when it is none. Pure. */
bool outcome_name_read(struct slice name, struct outcome_row *out);
