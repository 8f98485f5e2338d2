/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/address.h"
#include "ingest/base/hash.h"
#include "ingest/base/must.h"

#include <arpa/inet.h>
#include <string.h>
#include <time.h>

struct entry {
    struct address_key key;
    bool is_used;
    unsigned open;
    uint64_t tokens; /* thousandths of a connection it may open now */
    uint64_t at_ms;  /* when `tokens` was true */
};

struct address_table {
    struct entry *entries;
    uint32_t size; /* a power of two */
    uint32_t used;
    unsigned open_max;
    unsigned per_s;
    uint64_t seed; /* so that nobody can choose addresses that collide */
};

struct address_key address_key(const struct sockaddr *peer, char text[static INET6_ADDRSTRLEN])
{
    struct address_key key = {{0}};
    text[0] = '\0';
    if (peer->sa_family == AF_INET) {
        struct in_addr in;
        memcpy(&in, (const char *)peer + offsetof(struct sockaddr_in, sin_addr), sizeof in);
        inet_ntop(AF_INET, &in, text, INET6_ADDRSTRLEN);
        memset(key.bytes + 10, 0xff, 2);
        memcpy(key.bytes + 12, &in, sizeof in);
    } else if (peer->sa_family == AF_INET6) {
        struct in6_addr in;
        memcpy(&in, (const char *)peer + offsetof(struct sockaddr_in6, sin6_addr), sizeof in);
        bool is_mapped = IN6_IS_ADDR_V4MAPPED(&in);
        inet_ntop(is_mapped ? AF_INET : AF_INET6, in.s6_addr + (is_mapped ? 12 : 0), text,
                  INET6_ADDRSTRLEN);
        memcpy(key.bytes, &in, is_mapped ? 16 : 8);
    }
    return key;
}

static uint32_t place_of(const struct address_table *table, struct address_key key)
{
    return (uint32_t)hash_fnv1a(table->seed, slice_of((const char *)key.bytes, sizeof key.bytes)) &
           (table->size - 1);
}

/* The key's entry, or the free one where it belongs. */
static struct entry *find(const struct address_table *table, struct address_key key)
{
    MUST(table->used < table->size);
    uint32_t at = place_of(table, key);
    while (table->entries[at].is_used && memcmp(&table->entries[at].key, &key, sizeof key) != 0) {
        at = (at + 1) & (table->size - 1);
    }
    return &table->entries[at];
}

struct address_table *address_table_new(unsigned connections_max, unsigned open_max, unsigned per_s)
{
    MUST(connections_max > 0 && connections_max <= 1u << 24);
    MUST(open_max > 0 && per_s > 0);
    struct address_table *table = malloc(sizeof *table);
    MUST(table != NULL);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = HASH_FNV1A_START ^ (uint64_t)now.tv_nsec << 24 ^ (uint64_t)(uintptr_t)table;
    *table = (struct address_table){.size = 64, .open_max = open_max, .per_s = per_s, .seed = seed};
    while (table->size < 2 * connections_max) {
        table->size *= 2;
    }
    table->entries = calloc(table->size, sizeof *table->entries);
    MUST(table->entries != NULL);
    return table;
}

void address_table_free(struct address_table *table)
{
    if (table != NULL) {
        free(table->entries);
        free(table);
    }
}

static void refill(const struct address_table *table, struct entry *entry, uint64_t now_ms)
{
    MUST(now_ms >= entry->at_ms);
    uint64_t full = (uint64_t)table->per_s * 1000;
    uint64_t elapsed = now_ms - entry->at_ms;
    uint64_t more = elapsed >= 1000 ? full : elapsed * table->per_s;
    entry->tokens = entry->tokens + more < full ? entry->tokens + more : full;
    entry->at_ms = now_ms;
}

/* Forgets addresses without connections: those that would be as new anyway; `all` of them when the
 * table would stay too full. */
static void forget(struct address_table *table, uint64_t now_ms, bool all)
{
    struct entry *old = table->entries;
    uint32_t size = table->size;
    table->entries = calloc(size, sizeof *table->entries);
    MUST(table->entries != NULL);
    table->used = 0;
    for (uint32_t i = 0; i < size; i++) {
        bool is_old = now_ms - old[i].at_ms >= 1000;
        if (old[i].is_used && (old[i].open > 0 || !(all || is_old))) {
            *find(table, old[i].key) = old[i];
            table->used++;
        }
    }
    free(old);
}

static struct entry *insert(struct address_table *table, struct address_key key, uint64_t now_ms)
{
    if (table->used >= table->size / 4 * 3) {
        forget(table, now_ms, false);
    }
    if (table->used >= table->size / 4 * 3) {
        forget(table, now_ms, true);
    }
    struct entry *entry = find(table, key);
    MUST(!entry->is_used);
    *entry = (struct entry){
        .key = key, .is_used = true, .tokens = (uint64_t)table->per_s * 1000, .at_ms = now_ms};
    table->used++;
    return entry;
}

enum address_verdict address_enter(struct address_table *table, struct address_key key,
                                   uint64_t now_ms)
{
    struct entry *entry = find(table, key);
    if (!entry->is_used) {
        entry = insert(table, key, now_ms);
    }
    if (entry->open >= table->open_max) {
        return ADDRESS_TOO_MANY;
    }
    refill(table, entry, now_ms);
    if (entry->tokens < 1000) {
        return ADDRESS_TOO_FAST;
    }
    entry->tokens -= 1000;
    entry->open++;
    return ADDRESS_ADMITTED;
}

void address_leave(struct address_table *table, struct address_key key)
{
    struct entry *entry = find(table, key);
    MUST(entry->is_used && entry->open > 0);
    entry->open--;
}
