/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline — THE PATH OF ONE EVENT, in order: from the bytes of a request to what changes in Redis.
 *
 *   record ─▶ inflate ─▶ envelope ─▶ event ─▶ normalise ─▶ fingerprint ─▶ rules ─▶ effects
 *
 * One synchronous pass, pure: no I/O, no clock, no lock, no malloc. The same record, the same
 * snapshot: the same outcome. The worker runs it on a request before the journal has it; the
 * committer runs it again on a record read back; the API runs it to show an event; `tocsin group`
 * runs it on a line of a file. There is no other way to read an event.
 *
 *   `scratch`  the plain body, its tree, the event: until the caller resets it
 *   `keep`     the effects and what they point to: the job's, until it is committed
 */
#pragma once
#include "ingest/decode/auth.h"
#include "ingest/decode/items.h"
#include "ingest/snapshot.h"
#include "storage/effect.h"
#include "storage/record.h"

/* Tools that a thread keeps: decoders' memory, compiled patterns, rule scratch. Owner: one thread.
 */
struct pipeline;

struct pipeline *pipeline_new(void); /* NULL without memory */
void pipeline_free(struct pipeline *pipeline);

/* Makes the tools ready for `snapshot`; to be called before pipeline_run whenever it may be another
 * than before. The snapshot must stay referenced until the next pipeline_follow or pipeline_free.
 * False without memory: its rules then do not run. */
bool pipeline_follow(struct pipeline *pipeline, const struct snapshot *snapshot);

/* Who may send: fills `out_project`. `dsn` is the envelope's, when its header has been seen.
 * Faults: UNAUTHORISED, MALFORMED, FORBIDDEN (unknown project, or a key that does not open it). */
MUST_USE struct fault pipeline_admit(struct arena *arena, const struct projects *projects,
                                     const struct auth_sources *sources, struct auth *out_auth,
                                     const struct project **out_project);

/* What came of one record. */
struct outcome {
    struct id event_id;     /* the envelope's or the event's; none when it carries no event */
    struct effect *effects; /* in `keep`; NULL: nothing to count */
    uint32_t items[ITEM_KIND_COUNT]; /* of each kind */
    uint32_t invalid; /* items that were left out, because they are not what their type says */
    struct slice dsn; /* the envelope's, in `scratch` */
    const struct event *event; /* the last one, in `scratch`, for those who show it */
    size_t event_bytes;        /* of its JSON */
};

/* Fills `out`. Faults: MALFORMED and TOO_BIG, with the byte of the plain body; then nothing of the
 * record counts. */
MUST_USE struct fault pipeline_run(struct pipeline *pipeline, const struct snapshot *snapshot,
                                   const struct record *record, struct arena *scratch,
                                   struct arena *keep, struct outcome *out);
