/* SPDX-License-Identifier: Apache-2.0 */
/* symbol_wire — what goes between server and worker, and how answers are remembered.
 *
 *   question   u32 count | count × u64 address, from the file's first loaded byte   (+ the file, by
 *                                                                                    SCM_RIGHTS)
 *   answer     u32 bytes | count × symbol
 *   symbol     u8 status | u8 places | places × (u32 line, u32 column, text × 3)
 *   text       u16 bytes | bytes                                function, raw function, file
 *
 * In the machine's own byte order: both ends are one program. The worker may have been taken over
 * by the file it read, so its answer is read like any stranger's: lengths and numbers are checked,
 * texts made UTF-8 (json.h does). Pure.
 */
#pragma once
#include "ingest/base/arena.h"
#include "ingest/base/buffer.h"
#include "ingest/symbols/symbols.h"

struct symbol_question {
    uint32_t count; /* 1 to SYMBOL_ADDRESSES_MAX */
    const uint64_t *addresses;
};

/* Appends one symbol; texts are cut to SYMBOL_TEXT_BYTES_MAX: a name at its end, a path at its
 * start. Places past SYMBOL_PLACES_MAX are left out, never the last. */
void symbol_write(struct buffer *out, const struct symbol *symbol);

/* Takes one symbol from the front of `*in`; its texts borrow from there. False, and `*in` is of no
 * use, when it is not one, or the arena is full. */
bool symbol_read(struct slice *in, struct arena *arena, struct symbol *out);

/* Steps over one symbol; gives its bytes, empty when it is not one. */
struct slice symbol_skip(struct slice *in);
