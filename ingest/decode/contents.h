/* SPDX-License-Identifier: Apache-2.0 */
/* contents — what one item of an envelope holds: events, or so and so many of its category.
 *
 *   event, minidump ──▶ one event tree           session(s), logs, spans … ──▶ a quantity
 *   security, nel   ──▶ one for each report      client_report ──▶ what the client threw away
 *
 * One row an item type (contents.c); types without a row count as one. An item that is not what its
 * type says is invalid by itself and is counted so; the rest of its envelope stays.
 *
 * Everything borrows the envelope and the arena. Pure.
 */
#pragma once
#include "ingest/decode/envelope.h"
#include "ingest/decode/report.h"

/* A line of a client report. */
struct discard {
    struct slice reason; /* of the known ones, else "unknown" */
    enum category category;
    uint32_t quantity;
};

struct contents {
    const struct value *events; /* LIST of event trees; NULL: none */
    uint32_t quantity;          /* without events: of the item's category */
    struct slice reason;        /* a session's bad ending, see session_ending; else empty */
    uint32_t left_out;          /* of its parts, that are not what they should be */
    const struct discard *discards;
    uint32_t discard_count;
};

/* Fills `out` for item `index`. Faults: MALFORMED with the offset in the body, TOO_BIG. */
MUST_USE struct fault contents_read(struct arena *arena, const struct report_source *source,
                                    const struct envelope *envelope, uint32_t index,
                                    struct contents *out);

/* Parsed payload of an item, its faults placed in the body. NaN and the like are read as null. */
MUST_USE struct fault contents_json(struct arena *arena, const struct envelope_item *item,
                                    struct value **out);
