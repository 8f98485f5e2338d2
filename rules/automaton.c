/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/automaton.h"
#include "ingest/base/hash.h"
#include "ingest/base/must.h"
#include <stdlib.h>

#define HASH_BYTES 32u

bool automaton_write(struct arena *arena, const struct automaton *automaton, struct slice *bytes)
{
    char *database = NULL;
    size_t size = 0;
    MUST(automaton->database != NULL);
    if (hs_serialize_database(automaton->database, &database, &size) != HS_SUCCESS) {
        return false;
    }
    size_t tail = automaton->refused_count * sizeof(uint32_t);
    char *out = arena_bytes(arena, size + tail + sizeof(uint32_t) + HASH_BYTES);
    if (out != NULL) {
        uint8_t hash[HASH_BYTES];
        memcpy(out, database, size);
        memcpy(out + size, automaton->refused, tail);
        memcpy(out + size + tail, &automaton->refused_count, sizeof(uint32_t));
        size_t used = size + tail + sizeof(uint32_t);
        hash_sha256(slice_of(out, used), hash);
        memcpy(out + used, hash, HASH_BYTES);
        *bytes = slice_of(out, used + HASH_BYTES);
    }
    free(database);
    return out != NULL;
}

/* The number at the end, which it takes off. */
static uint32_t take_number(struct slice *bytes)
{
    uint32_t number = 0;
    MUST(bytes->len >= sizeof(number));
    bytes->len -= sizeof(number);
    memcpy(&number, bytes->at + bytes->len, sizeof(number));
    return number;
}

bool automaton_read(struct slice bytes, struct automaton *automaton)
{
    uint8_t hash[HASH_BYTES];
    if (bytes.len < HASH_BYTES + sizeof(uint32_t)) {
        return false;
    }
    bytes.len -= HASH_BYTES;
    hash_sha256(bytes, hash);
    if (memcmp(hash, bytes.at + bytes.len, HASH_BYTES) != 0) {
        return false;
    }
    uint32_t count = take_number(&bytes);
    if (count > automaton->room || count > bytes.len / sizeof(uint32_t)) {
        return false;
    }
    for (uint32_t i = count; i > 0; i--) {
        automaton->refused[i - 1] = take_number(&bytes);
    }
    if (hs_deserialize_database(bytes.at, bytes.len, &automaton->database) != HS_SUCCESS) {
        return false;
    }
    automaton->refused_count = count;
    return true;
}
