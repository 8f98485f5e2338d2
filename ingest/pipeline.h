/* SPDX-License-Identifier: Apache-2.0 */
/* pipeline — THE PATH OF ONE EVENT, in order: from the bytes of a request to what changes in Redis.
 *
 *   record ─▶ inflate ─▶ envelope ─▶ item ─▶ event ─▶ normalise ─▶ fingerprint ─▶ rules ─▶ scrub
 *             decode/body  for all kinds └▶ what is no event, or refused: counted ─▶ effects ◀─┘
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
#include "ingest/decode/items.h"
#include "ingest/snapshot.h"
#include "storage/effect.h"
#include "storage/record.h"

/* Tools that a thread keeps: decoders' memory, compiled patterns, rule scratch. Owner: one thread.
 */
struct json;
struct pipeline;

struct pipeline *pipeline_new(void); /* NULL without memory */
/* The next event's pass writes to `json`, as one value, why it is grouped as it is
 * (fingerprint_explain); NULL: none does. Borrows `json` until then. */
void pipeline_explain(struct pipeline *pipeline, struct json *json);
/* From now on events are only counted, and their outcomes tell of none: what an effect takes of
 * them is scrubbed, the document is not (normalise/scrub.h). Without it all of it is. */
void pipeline_only_counts(struct pipeline *pipeline, bool only_counts);
void pipeline_free(struct pipeline *pipeline);

/* Makes the tools ready for `snapshot`; to be called before pipeline_run whenever it may be another
 * than before. The snapshot must stay referenced until the next pipeline_follow or pipeline_free.
 * False without memory: its rules then do not run. */
bool pipeline_follow(struct pipeline *pipeline, const struct snapshot *snapshot);

/* An event of the record, for those who show it. In `scratch`. */
struct passed_event {
    const struct event *event;
    const struct effect *effect;
    size_t bytes; /* of its JSON */
    const struct passed_event *next;
};

/* What came of one record. */
struct outcome {
    struct id event_id;     /* the envelope's or the event's; none when it carries no event */
    struct effect *effects; /* in `keep`, events before counts; NULL: nothing to count */
    uint32_t items[ITEM_KIND_COUNT];   /* of each kind */
    uint32_t accepted[CATEGORY_COUNT]; /* units of each category that count against limits */
    uint32_t limited;                  /* items that were over a limit (record.parameters) */
    uint32_t invalid; /* items that were left out, because they are not what their type says */
    struct slice dsn; /* the envelope's, in `scratch` */
    const struct event *event; /* the first one, in `scratch`; NULL where only counts are asked */
    size_t event_bytes;        /* of its JSON */
    bool rules_differ; /* the index and the oracle gave two answers (config: rules.oracle) */
    const struct passed_event *events; /* all of them, by their indexes; NULL as `event` */
};

/* Fills `out`. Faults: MALFORMED and TOO_BIG, with the byte of the plain body; then nothing of the
 * record counts. */
MUST_USE struct fault pipeline_run(struct pipeline *pipeline, const struct snapshot *snapshot,
                                   const struct record *record, struct arena *scratch,
                                   struct arena *keep, struct outcome *out);
