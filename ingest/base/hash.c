/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/hash.h"
#include "ingest/base/must.h"
#include <libdeflate.h>
#include <sha2.h>

#define BLOCK_BYTES 64u /* SHA-256's block, RFC 2104's B */

void hash_md5_init(struct hash_md5 *hash)
{
    MD5Init(&hash->state);
}

void hash_md5_add(struct hash_md5 *hash, struct slice bytes)
{
    MUST(bytes.at != NULL || bytes.len == 0);
    if (bytes.len != 0) {
        MD5Update(&hash->state, (const uint8_t *)bytes.at, bytes.len);
    }
}

struct id hash_md5_done(struct hash_md5 *hash)
{
    struct id id;
    MD5Final(id.bytes, &hash->state);
    return id;
}

uint64_t hash_fnv1a(uint64_t so_far, struct slice bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        so_far = (so_far ^ (uint8_t)bytes.at[i]) * UINT64_C(0x100000001b3);
    }
    return so_far;
}

uint32_t hash_crc32(uint32_t so_far, struct slice bytes)
{
    MUST(bytes.at != NULL || bytes.len == 0);
    return bytes.len != 0 ? libdeflate_crc32(so_far, bytes.at, bytes.len) : so_far;
}

void hash_sha256(struct slice bytes, uint8_t out[static 32])
{
    MUST(bytes.at != NULL || bytes.len == 0);
    SHA2_CTX state;
    SHA256Init(&state);
    if (bytes.len != 0) {
        SHA256Update(&state, (const uint8_t *)bytes.at, bytes.len);
    }
    SHA256Final(out, &state);
}

static void keyed(struct slice first, const uint8_t pad[static BLOCK_BYTES], uint8_t out[static 32])
{
    MUST(first.at != NULL || first.len == 0);
    SHA2_CTX state;
    SHA256Init(&state);
    SHA256Update(&state, pad, BLOCK_BYTES);
    if (first.len != 0) {
        SHA256Update(&state, (const uint8_t *)first.at, first.len);
    }
    SHA256Final(out, &state);
}

void hash_hmac_sha256(struct slice key, struct slice bytes, uint8_t out[static 32])
{
    MUST(key.at != NULL || key.len == 0);
    uint8_t block[BLOCK_BYTES] = {0};
    if (key.len > BLOCK_BYTES) {
        hash_sha256(key, block);
    } else if (key.len != 0) {
        memcpy(block, key.at, key.len);
    }
    uint8_t inner_pad[BLOCK_BYTES];
    uint8_t outer_pad[BLOCK_BYTES];
    for (size_t i = 0; i < BLOCK_BYTES; i++) {
        inner_pad[i] = block[i] ^ 0x36;
        outer_pad[i] = block[i] ^ 0x5c;
    }
    uint8_t inner[32];
    keyed(bytes, inner_pad, inner);
    keyed(slice_of((const char *)inner, sizeof(inner)), outer_pad, out);
}
