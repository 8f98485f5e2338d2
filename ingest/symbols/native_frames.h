/* SPDX-License-Identifier: Apache-2.0 */
/* native_frames — puts functions, files and lines into the frames of an event that is read.
 *
 *   frame 0x7f31c4  ─▶ image "shop" at 0x7f3000, build id 5da2… ─▶ (5da2…, 0x1c4)
 *                                                                        │ symboliser.h
 *   main    shop.c:40   ◀── the real function                            ▼
 *   add     cart.h:12   ◀── inlined into it: a frame of its own, the newer one
 *
 * A frame's address is where its callee returns to, which may be another line: the byte before
 * is looked up, but for the newest frame of a crash, whose address is the instruction that failed.
 * `instruction_addr_adjustment` of a stack trace (all, all_but_first, none) says otherwise.
 *
 * Frames that have a function and a line already are left alone; names the SDK gave are replaced,
 * since they come from a symbol table at the most. The culprit follows the frames; title and
 * grouping stay those of the issue.
 */
#pragma once
#include "ingest/event/event.h"
#include "ingest/symbols/symboliser.h"

/* Gives the event with what is known after `wait_ms`: a copy in the arena, or `event` itself when
 * it has no native frames (or there is no memory). Both borrow `event`. */
const struct event *native_frames(struct arena *arena, struct symboliser *symboliser,
                                  const struct event *event, int wait_ms);

/* The two halves of it, pure: what must be asked, and what is made of the answers. */
struct native_plan {
    struct symbol_request *requests; /* their `symbols` are to be filled in between */
    uint32_t request_count;
    struct native_address *addresses; /* by image and offset */
    uint32_t address_count;
    const struct images *images;
};

/* False when there is nothing to ask about and nothing to say. */
bool native_plan_make(struct arena *arena, const struct event *event, struct native_plan *out);

/* NULL without memory. */
const struct event *native_plan_apply(struct arena *arena, const struct native_plan *plan,
                                      const struct event *event);
