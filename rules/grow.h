/* SPDX-License-Identifier: Apache-2.0 */
/* grow — arrays that double in an arena while a set is built; the old halves stay as waste. */
#pragma once
#include "ingest/base/arena.h"
#include "ingest/base/must.h"
#include <stdint.h>

/* Room for one more item after `count`: `items` itself, or a copy with twice the `*room`. NULL when
 * the arena is full; `items` is then as it was. */
static inline void *grow(struct arena *arena, void *items, uint32_t count, uint32_t *room,
                         size_t item_bytes)
{
    MUST(count <= *room && *room < UINT32_MAX / 2);
    if (count < *room) {
        return items;
    }
    uint32_t wider = *room != 0 ? *room * 2 : 16;
    void *copy = arena_array(arena, wider, item_bytes);
    if (copy != NULL) {
        if (count != 0) {
            memcpy(copy, items, count * item_bytes);
        }
        *room = wider;
    }
    return copy;
}
