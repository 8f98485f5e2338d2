/* SPDX-License-Identifier: Apache-2.0 */
/* segments — the journal's folder: its files in order, the one being written, and the room there
 * is.
 *
 *   DIR/node          who we are; made anew when there are no segments (what Redis remembers of an
 *                     older journal must not be taken for this one's)
 *   DIR/journal/      sealed, sealed, ..., current
 *
 * Opening recovers: the last segment's torn tail is cut. The next append begins a new segment.
 * After a failed write the current segment is cut back to what is durable and left, so that no
 * remains of refused records can be read behind later ones.
 *
 * Owner: the journal's thread. segments_find, segments_usage and
 * segments_applied may be called by any.
 */
#pragma once
#include "storage/journal.h"
#include "storage/segment.h"

struct segments;

/* As journal_open. */
MUST_USE struct fault segments_open(const struct journal_options *options, struct segments **out,
                                    char why[static 256]);
void segments_close(struct segments *segments);

/* Writes and syncs records `first` to `last` (encoded, in order). FULL and FAILED fill `why`; then
 * nothing of it counts. */
MUST_USE enum journal_condition segments_append(struct segments *segments, struct slice records,
                                                uint64_t first, uint64_t last,
                                                char why[static 192]);

/* Whether an append would find room now, having deleted what may go. As segments_append. */
MUST_USE enum journal_condition segments_make_room(struct segments *segments, char why[static 192]);

struct id segments_node(const struct segments *segments);

/* The last record found at the open. */
uint64_t segments_end_at_open(const struct segments *segments);

/* The first unreadable place found at the open; empty: none. */
const char *segments_damage(const struct segments *segments);

/* Segments up to `sequence` may be deleted. */
void segments_applied(struct segments *segments, uint64_t sequence);
uint64_t segments_applied_mark(const struct segments *segments);

struct segment_span {
    uint64_t first; /* sequence of its first record */
    uint64_t next;  /* first of the segment behind it; UINT64_MAX: there is none */
    uint64_t used;  /* durable bytes */
};

/* Finds the segment that holds `sequence`, or else the first one after it. False: there is none. */
bool segments_find(struct segments *segments, uint64_t sequence, struct segment_span *out);

/* Fills the oldest sequence kept (0: none), how many segments, and their bytes. */
void segments_usage(struct segments *segments, uint64_t *out_first, uint64_t *out_count,
                    uint64_t *out_bytes);

/* The folder's descriptor, for readers (openat); valid until segments_close. */
int segments_folder(const struct segments *segments);
