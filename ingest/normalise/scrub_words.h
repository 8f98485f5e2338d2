/* SPDX-License-Identifier: Apache-2.0 */
/* scrub_words — finds any of some fifty words in a text, without regard to case.
 *
 * Wu and Manber's search: the last two bytes of a window as long as the shortest word tell how far
 * the window can move; of 1,024 pairs some fifty do not let it move whole. Reads a third of the
 * bytes of a text without hits. Private to ingest/normalise. Immutable once built; pure.
 *
 * Rejected: one Hyperscan database (its call costs more than these searches; and a scratch for each
 * thread), a regular expression (ten times slower).
 */
#pragma once
#include "ingest/base/arena.h"

#define SCRUB_WORDS_MAX      200u
#define SCRUB_WORD_BYTES_MIN 3u /* shorter ones are in every text */

struct scrub_words {
    uint8_t shift[1024];           /* by a pair of bytes: how far the window moves */
    uint8_t first[1024];           /* the first word, from 1, that a window ending in it may be */
    uint8_t next[SCRUB_WORDS_MAX]; /* the next such word, from 1 */
    uint8_t kind[SCRUB_WORDS_MAX]; /* the caller's */
    struct slice text[SCRUB_WORDS_MAX]; /* in lower case */
    uint32_t count;
    uint32_t window; /* bytes of the shortest word */
};

struct scrub_hit {
    size_t from; /* bytes into the text */
    size_t to;
    uint8_t kind;
};

/* Adds before scrub_words_ready; `text` is in lower case and lives as long as the words. False: too
 * many, or of fewer than SCRUB_WORD_BYTES_MIN bytes. */
bool scrub_words_add(struct scrub_words *words, struct slice text, uint8_t kind);
void scrub_words_ready(struct scrub_words *words);

/* The first word that ends after byte `from` and starts at or after it; false when there is none.
 * Go on with `from` = hit.from + 1. */
bool scrub_words_find(const struct scrub_words *words, struct slice text, size_t from,
                      struct scrub_hit *out);

static inline char scrub_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}
