/* SPDX-License-Identifier: Apache-2.0 */
/* fold — one case for all letters, so that "case-insensitive" is plain comparison of bytes.
 *
 * Unicode's simple case folding: one character becomes one character, though not always of as many
 * bytes (the Kelvin sign becomes k). Rules are folded at load and values once an event; a prefilter
 * that knew ASCII only would silently drop rules. Bytes that are not UTF-8 stay as they are.
 */
#pragma once
#include "ingest/base/arena.h"
#include <stdint.h>

/* The folded text in `arena`. When the arena is full the
 * answer is empty (see arena->exhausted). */
struct slice fold_text(struct arena *arena, struct slice text);

/* A two-byte character may fold to one of three bytes (U+023A), never to more than that. */
#define FOLD_GROWTH_MAX 2u

/* Folds into `out`, with room for FOLD_GROWTH_MAX times the text; gives the bytes written. */
size_t fold_into(struct slice text, char *out);

/* The folded form of one code point. */
uint32_t fold_point(uint32_t point);

/* Bytes of the UTF-8 sequence that `text` (not empty) begins with; 1 for a byte that begins none.
 */
size_t fold_point_bytes(struct slice text);
