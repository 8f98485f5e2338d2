/* SPDX-License-Identifier: Apache-2.0 */
/* history — a journal's records read from outside, whether or not a server is writing them.
 *
 *   DIR/journal/00…01.seg, …   ─▶  take(record), in order, from a point in time on
 *
 * Read-only: takes no lock and repairs nothing. A record half written at the end is not there yet;
 * what is damaged inside is passed over and counted. For commands that look at the past; the
 * server's own threads read by storage/reader.h.
 */
#pragma once
#include "storage/record.h"

struct history {
    uint64_t segments; /* read */
    uint64_t records;  /* taken */
    uint64_t damaged;  /* places passed over */
};

/* Calls `take` for each record received at or after `since_us`; the record borrows memory that is
 * gone afterwards. Fills `out`. False: `why` says what cannot be read. */
bool history_read(const char *folder, int64_t since_us,
                  void (*take)(void *context, const struct record *record), void *context,
                  struct history *out, char why[static 256]);
