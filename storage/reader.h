/* SPDX-License-Identifier: Apache-2.0 */
/* reader — records of the journal, in order or one by its sequence.
 *
 * Safe beside the writer: a reader has its own file descriptor and never looks past what is
 * durable. Damage (a record whose checksum does not hold) is a fault with file and offset, and is
 * passed over only by an explicit reader_skip.
 *
 * A reader belongs to one thread; reader_one may be called by any.
 */
#pragma once
#include "storage/journal.h"

struct reader;

/* Gives a reader that stands before record `from` (or before the oldest that is kept). */
struct reader *reader_open(struct journal *journal, uint64_t from);
void reader_close(struct reader *reader);

/* Fills the next record, borrowing the reader's buffer until the next call. Faults: NOT_FOUND at
 * the end (call again when there is more), MALFORMED for damage: reader_where says the place. */
MUST_USE struct fault reader_next(struct reader *reader, struct record *out);

/* After MALFORMED: goes on with the next whole record, at the latest with the next segment. Gives
 * how many sequences were passed over, 0 when not known. */
uint64_t reader_skip(struct reader *reader);

/* "journal/00000000000000000001.seg at byte 4096", valid until the next call. */
const char *reader_where(const struct reader *reader);

/* Copies record `sequence` into `arena`. Faults: NOT_FOUND (never was, or its segment is gone),
 * MALFORMED (damaged), TOO_BIG (the arena is full), UNAVAILABLE (cannot be read). */
MUST_USE struct fault reader_one(struct journal *journal, uint64_t sequence, struct arena *arena,
                                 struct record *out);
