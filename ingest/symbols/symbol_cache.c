/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/symbol_cache.h"
#include "ingest/base/hash.h"
#include "ingest/base/must.h"
#include <stdlib.h>

#define BUCKETS 16384u /* a power of two; chains of five when the cache is full */

struct entry {
    struct symbol_key key;
    int64_t until_us;
    struct entry *next; /* in its bucket */
    struct entry *newer;
    struct entry *older;
    size_t len;
    char answer[];
};

struct symbol_cache {
    size_t bytes_max;
    size_t bytes;
    struct entry *newest;
    struct entry *oldest;
    struct entry *buckets[BUCKETS];
};

_Static_assert(sizeof(struct symbol_key) == 5 * sizeof(uint64_t), "a key has no padding");

struct symbol_cache *symbol_cache_new(size_t bytes_max)
{
    struct symbol_cache *cache = calloc(1, sizeof(*cache));
    if (cache != NULL) {
        cache->bytes_max = bytes_max;
    }
    return cache;
}

static struct entry **bucket_of(struct symbol_cache *cache, const struct symbol_key *key)
{
    uint64_t hash = hash_fnv1a(HASH_FNV1A_START, slice_of((const char *)key, sizeof(*key)));
    return &cache->buckets[hash % BUCKETS];
}

static size_t size_of(const struct entry *entry)
{
    return sizeof(*entry) + entry->len;
}

static void unlink_use(struct symbol_cache *cache, struct entry *entry)
{
    *(entry->newer != NULL ? &entry->newer->older : &cache->newest) = entry->older;
    *(entry->older != NULL ? &entry->older->newer : &cache->oldest) = entry->newer;
}

static void link_newest(struct symbol_cache *cache, struct entry *entry)
{
    entry->newer = NULL;
    entry->older = cache->newest;
    *(cache->newest != NULL ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

static void drop(struct symbol_cache *cache, struct entry *entry)
{
    struct entry **at = bucket_of(cache, &entry->key);
    while (*at != entry) {
        MUST(*at != NULL);
        at = &(*at)->next;
    }
    *at = entry->next;
    unlink_use(cache, entry);
    MUST(cache->bytes >= size_of(entry));
    cache->bytes -= size_of(entry);
    free(entry);
}

void symbol_cache_free(struct symbol_cache *cache)
{
    while (cache != NULL && cache->oldest != NULL) {
        drop(cache, cache->oldest);
    }
    free(cache);
}

static struct entry *find(struct symbol_cache *cache, const struct symbol_key *key)
{
    struct entry *entry = *bucket_of(cache, key);
    while (entry != NULL && memcmp(&entry->key, key, sizeof(*key)) != 0) {
        entry = entry->next;
    }
    return entry;
}

void symbol_cache_put(struct symbol_cache *cache, const struct symbol_key *key, struct slice answer,
                      int64_t until_us)
{
    struct entry *old = find(cache, key);
    if (old != NULL) {
        drop(cache, old);
    }
    struct entry *entry =
        answer.len <= SYMBOL_ANSWER_BYTES_MAX ? malloc(sizeof(*entry) + answer.len) : NULL;
    if (entry == NULL || sizeof(*entry) + answer.len > cache->bytes_max) {
        free(entry);
        return;
    }
    *entry = (struct entry){.key = *key, .until_us = until_us, .len = answer.len};
    memcpy(entry->answer, answer.at, answer.len);
    while (cache->bytes + size_of(entry) > cache->bytes_max) {
        drop(cache, cache->oldest);
    }
    struct entry **bucket = bucket_of(cache, key);
    entry->next = *bucket;
    *bucket = entry;
    link_newest(cache, entry);
    cache->bytes += size_of(entry);
    MUST(cache->bytes <= cache->bytes_max);
}

struct slice symbol_cache_get(struct symbol_cache *cache, const struct symbol_key *key,
                              int64_t now_us)
{
    struct entry *entry = find(cache, key);
    if (entry == NULL) {
        return slice_of(NULL, 0);
    }
    if (entry->until_us < now_us) {
        drop(cache, entry);
        return slice_of(NULL, 0);
    }
    unlink_use(cache, entry);
    link_newest(cache, entry);
    return slice_of(entry->answer, entry->len);
}

size_t symbol_cache_bytes(const struct symbol_cache *cache)
{
    return cache->bytes;
}
