/* SPDX-License-Identifier: Apache-2.0 */
/* limited — which categories of a record were over a limit when it came, and by which.
 *
 *   limited=error:daily&limited=session:burst        among a record's parameters
 *
 * Whether a limit is reached is no property of a request; so the pass is told, and the record
 * remembers, and a replay leaves out the same items. Pure.
 */
#pragma once
#include "ingest/decode/envelope.h"

struct limited {
    struct slice by[CATEGORY_COUNT]; /* the limit's name; empty: not limited */
};

/* Fills from the parameters, which it borrows; names of categories nobody knows are passed over. */
void limited_read(struct slice parameters, struct limited *out);

/* Gives `parameters` with those of `limited` behind them, in the arena. */
struct slice limited_write(struct arena *arena, struct slice parameters,
                           const struct limited *limited);

/* The limit that keeps an item out; empty: none. An attachment goes where its event goes. */
struct slice limited_item(const struct limited *limited, const struct envelope *envelope,
                          const struct envelope_item *item);
