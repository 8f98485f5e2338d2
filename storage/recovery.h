/* SPDX-License-Identifier: Apache-2.0 */
/* recovery — what a journal's folder holds when the process starts.
 *
 * Locks the folder, finds the segments and the last whole record, cuts what a crash tore behind it
 * (never answered), removes a last segment without any, and finds or makes the node id. Records
 * that were once whole and no longer are stay where they are and are told of.
 */
#pragma once
#include "ingest/base/fault.h"
#include "ingest/base/id.h"

struct segment_info {
    uint64_t first; /* sequence */
    uint64_t bytes; /* the file takes */
    uint64_t used;  /* of them, durable */
};

struct recovery {
    int folder; /* descriptor of DIR/journal, holding its lock */
    struct id node;
    uint64_t end;              /* sequence of the last whole record; 0: none */
    struct segment_info *list; /* for free(), which is the taker's; by first */
    size_t count;
    char damage[192]; /* the first unreadable place; empty: none */
};

/* Faults as journal_open's; then there is nothing to be done with `out`. */
MUST_USE struct fault recovery_run(const char *folder, struct recovery *out, char why[static 256]);

/* Lets go of the folder. The list is not freed. */
void recovery_done(struct recovery *recovery);
