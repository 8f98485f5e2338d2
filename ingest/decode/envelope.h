/* SPDX-License-Identifier: Apache-2.0 */
/* envelope — the SDKs' container: one JSON header, then items.
 *
 *   {"event_id":"9ec7…","sent_at":"…","dsn":"…"}\n      envelope header; may be {}
 *   {"type":"event","length":41}\n                      item header
 *   {"message":"…",…}\n                                 41 bytes, any; then \n or the end
 *   {"type":"session"}\n                                no length: up to \n or the end
 *   {"sid":"…",…}
 *
 * Only \n ends a line (a \r belongs to what stands before it), and only the length of a payload is
 * believed, after it was checked against what is there. Unknown types and attributes are kept, not
 * judged. An envelope that is wrong anywhere is refused whole: nobody could say which of its items
 * were meant.
 *
 * Everything borrows the body and the arena. Pure. Format: develop.sentry.dev, "Envelopes".
 */
#pragma once
#include "ingest/base/id.h"
#include "ingest/base/value.h"
#include "ingest/decode/items.h"

struct envelope_item {
    enum item_kind kind;
    struct slice type;           /* as written, also for ITEM_UNKNOWN */
    const struct value *headers; /* MAP: filename, content_type, item_count, … */
    struct slice payload;        /* as sent; may be empty and hold any byte */
    size_t offset;               /* of the payload in the body */
    struct value *root; /* made from other parts of the request; NULL: it is in the payload */
};

struct envelope {
    struct id event_id; /* all zero: not sent */
    struct slice dsn;   /* as sent; not parsed */
    int64_t sent_at_us; /* by the sender's clock; 0: not sent, or not a date */
    struct slice sdk_name;
    struct slice sdk_version;
    const struct value *headers; /* MAP: also trace */
    struct envelope_item *items; /* in the order sent */
    uint32_t count;
    uint32_t room; /* of `items` */
};

/* Fills `out`. Faults: MALFORMED with the byte where it shows; TOO_BIG for a header line past
 * ENVELOPE_HEADER_BYTES_MAX, an item past ENVELOPE_ITEMS_MAX or past its type's bytes (items.h), or
 * the arena. */
MUST_USE struct fault envelope_parse(struct arena *arena, struct slice body, struct envelope *out);

/* Appends a copy of the item. TOO_BIG past ENVELOPE_ITEMS_MAX and when the arena is full. */
MUST_USE struct fault envelope_add(struct arena *arena, struct envelope *envelope,
                                   const struct envelope_item *item);

/* True when an item belongs to an event: without an event_id the caller has to make one. */
bool envelope_needs_event_id(const struct envelope *envelope);

/* The item that is the event or the transaction (at most one); NULL when there is none. */
const struct envelope_item *envelope_event(const struct envelope *envelope);

/* True for items that hold {"items":[…]}: their headers say item_count. */
bool envelope_item_is_container(const struct envelope_item *item);

/* Fills `*out` with the LIST of a container's members. MALFORMED when it is none, or when it holds
 * another number than item_count says: an item so wrong is invalid, its envelope is not. */
MUST_USE struct fault envelope_item_members(struct arena *arena, const struct envelope_item *item,
                                            const struct value **out);
