/* SPDX-License-Identifier: Apache-2.0 */
/* symbol_cache — what the worker said, by file and address; the least recently asked goes first.
 *
 *   buckets ─▶ entry ─▶ entry        a chain of those with one hash
 *   newest ⇄ … ⇄ oldest             all of them, by last use
 *
 * Bounded by bytes, entries' own included. A file's verdict (reading it crashed, took too long) is
 * kept like an answer, under an address no file has, with a time until which it holds.
 * Owner: whoever holds the symboliser's lock.
 */
#pragma once
#include "ingest/symbols/symbol_store.h"

#define SYMBOL_CACHE_VERDICT UINT64_MAX /* the address of a file's verdict */

struct symbol_key {
    struct symbol_file_identity file;
    uint64_t address;
};

struct symbol_cache;

/* `bytes_max` SYMBOL_CACHE_BYTES but in tests. NULL without memory. */
struct symbol_cache *symbol_cache_new(size_t bytes_max);
void symbol_cache_free(struct symbol_cache *cache);

/* Copies `answer` (symbol_wire.h), which holds until `until_us` (clock_monotonic_us); replaces what
 * there was. Larger than the cache, or without memory: is not kept. */
void symbol_cache_put(struct symbol_cache *cache, const struct symbol_key *key, struct slice answer,
                      int64_t until_us);

/* Borrows the answer until the next put; empty when there is none that holds. */
struct slice symbol_cache_get(struct symbol_cache *cache, const struct symbol_key *key,
                              int64_t now_us);

/* Bytes in use. */
size_t symbol_cache_bytes(const struct symbol_cache *cache);
