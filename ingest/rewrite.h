/* SPDX-License-Identifier: Apache-2.0 */
/* rewrite — a request as the journal may have it when `journal: {scrub: true}`.
 *
 *   record as sent ─▶ pass ─▶ outcome ─▶ rewrite ─▶ record without secrets ─▶ pass ─▶ effects
 *                                                        └▶ journal, later replayed
 *
 *   {"events":[{"event":{…,"_meta":…},"hashes":["32 hex"],"category":1,"bytes":1500}],
 *    "counts":"1 accepted session 3 -\n"}
 *
 * The body becomes the scrubbed events, each with the hashes that were computed from what was sent
 * (grouping does not change), and what else the request is counted as; attachments and the like are
 * not kept. What is journalled is then what the pass runs on, now as after a crash: the same record
 * gives the same result by being the same record. So here rules see scrubbed events; and where
 * addresses are removed, only their country, region and city are left.
 *
 * Rejected: keeping the outcome beside the request (a new rule could not be run over the past, and
 * two forms of one truth drift apart). Pure.
 */
#pragma once
#include "ingest/pipeline.h"

/* Fills `out` with what stands for `record`, in `keep`; borrows the outcome of the pass over it,
 * whose events were scrubbed, until it returns. `drop_address`: the client's address is a secret.
 * Faults: TOO_BIG. */
MUST_USE struct fault rewrite_record(const struct record *record, const struct outcome *outcome,
                                     bool drop_address, struct arena *keep, struct record *out);

/* One event of such a record's body. */
struct rewritten {
    struct value *event; /* its document */
    struct id hashes[EFFECT_HASHES_MAX];
    uint32_t hash_count; /* from 1 */
    enum category category;
    size_t bytes; /* as it was sent */
};

/* Fills the tree's events, an array in `arena`, and the text of its counts (decode/refusals.h).
 * Faults: MALFORMED, TOO_BIG. */
MUST_USE struct fault rewrite_read(struct arena *arena, struct slice body, struct rewritten **out,
                                   uint32_t *count, struct slice *counts);
