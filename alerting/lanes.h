/* SPDX-License-Identifier: Apache-2.0 */
/* lanes — how busy each endpoint's lane is, as far as this node's own attempts go.
 *
 * Only lanes with attempts under way, or closed by a 410, are remembered; all others have all their
 * room. Owner: the dispatch thread.
 */
#pragma once
#include "alerting/outbox.h"

struct lane {
    struct lane *next;
    struct slice name; /* its own memory, behind the struct */
    uint32_t under_way;
    bool is_closed;
    bool has_opened; /* it was full and has room again: what waits for it may be anywhere */
};

struct lanes {
    struct lane *first;
};

/* The lane of this name, made when it is not there; NULL without memory. */
struct lane *lanes_get(struct lanes *lanes, struct slice name);

/* Whether any lane that has opened still has room. */
bool lanes_opened(const struct lanes *lanes, uint32_t room);

/* All that waits for them has been asked for. */
void lanes_settle(struct lanes *lanes);

/* Forgets lanes that have nothing to remember; with `open_all`, also that they were closed. */
void lanes_tidy(struct lanes *lanes, bool open_all);

/* Fills with the lanes that have less room than `room`; gives how many, at most `max`. */
uint32_t lanes_busy(const struct lanes *lanes, uint32_t room, struct outbox_lane *out,
                    uint32_t max);

/* Frees all. */
void lanes_done(struct lanes *lanes);
