/* SPDX-License-Identifier: Apache-2.0 */
/* meta — what an event no longer says: Sentry's `_meta` tree.
 *
 *   {"extra": {"card": {"": {"rem": [["@creditcard:filter", "s", 5, 15]], "len": 21}}}}
 *
 * It mirrors the event as sent: the same keys, list entries as decimal numbers; what is known of a
 * value stands under the empty key. `rem` lists changes as [rule, kind] or [rule, kind, from, to]
 * with the bytes of the new text that stand for what was there; `len` is how much there was, in
 * characters of a text, in entries of a list or map. Source: develop.sentry.dev, "Event Payloads".
 *
 * A tree in the arena of the pass; one thread. Nothing is kept when the arena is full, which says
 * so itself. Rejected: positions in our own field names (they would not survive being sent on).
 */
#pragma once
#include "ingest/base/value.h"

/* Where a walk is: linked on the stack from the value to the root; the root itself has no place. */
struct meta_place {
    const struct meta_place *up; /* NULL: a member of the root */
    struct slice key;            /* a map's member; in a list: not set */
    uint32_t index;              /* in a list */
    bool is_entry;               /* of a list */
};

#define META_SUBSTITUTED "s"
#define META_REMOVED     "x"

struct meta_remark {
    const char *rule; /* literal: "@password:filter", "!limit" */
    const char *kind; /* META_SUBSTITUTED or META_REMOVED */
    size_t from;      /* bytes of the new text; not written when removed */
    size_t to;
};

struct meta {
    struct arena *arena;
    struct value *root; /* MAP, made with the first note; NULL: nothing to tell */
};

/* Starts with what the sender itself says was removed, but for original values (`val`), which are
 * left out. `sent` may be NULL. */
void meta_begin(struct meta *meta, struct arena *arena, const struct value *sent);

/* Adds a change of the value at `place`; `length` is what it had before the first change. */
void meta_note(struct meta *meta, const struct meta_place *place, const struct meta_remark *remark,
               size_t length);

/* Notes that a list or map lost entries: only how many there were. */
void meta_note_length(struct meta *meta, const struct meta_place *place, size_t length);

/* The part of a tree for one member or entry; NULL-safe, NULL when nothing is known. */
const struct value *meta_member(const struct value *meta, struct slice key);
const struct value *meta_entry(const struct value *meta, uint32_t index);

/* Characters of UTF-8 text: what `len` counts. */
size_t meta_characters(struct slice text);
