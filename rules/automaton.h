/* SPDX-License-Identifier: Apache-2.0 */
/* automaton — one database of expressions as bytes, to be kept from one load to the next.
 *
 *   database as vectorscan writes it │ refused, u32 each │ their count, u32 │ SHA-256 of all before
 *
 * Which expressions vectorscan refused is kept with it: finding that out is part of the work.
 */
#pragma once
#include "ingest/base/arena.h"
#include <hs.h>
#include <stdint.h>

struct automaton {
    hs_database_t *database;
    uint32_t scanned;  /* so many expressions are in it */
    uint32_t *refused; /* in the order they were: the place each had at that time */
    uint32_t refused_count;
    uint32_t room; /* of `refused` */
};

/* Fills `bytes` in `arena`; false without memory. */
bool automaton_write(struct arena *arena, const struct automaton *automaton, struct slice *bytes);

/* Fills database (the caller's to free) and refused; false, with nothing filled, when the bytes are
 * damaged, or of another vectorscan or machine. */
bool automaton_read(struct slice bytes, struct automaton *automaton);
