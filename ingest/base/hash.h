/* SPDX-License-Identifier: Apache-2.0 */
/* hash — the hash functions the formats we speak ask for. Pure.
 *
 * MD5 (RFC 1321) names fingerprints, as Sentry's do; it is an identity here, not a defence. FNV-1a
 * is Alertmanager's label fingerprint. CRC-32 guards journal records against torn writes. SHA-256
 * and its HMAC (RFC 2104) sign webhooks. Implemented by libmd and libdeflate.
 */
#pragma once
#include "ingest/base/id.h"
#include <md5.h>
#include <stdint.h>

/* An MD5 in the making; md5_add in any pieces gives the same answer. */
struct hash_md5 {
    MD5_CTX state;
};

void hash_md5_init(struct hash_md5 *hash);
void hash_md5_add(struct hash_md5 *hash, struct slice bytes);
struct id hash_md5_done(struct hash_md5 *hash);

/* Start with HASH_FNV1A_START and feed the result back in for more bytes. */
#define HASH_FNV1A_START UINT64_C(0xcbf29ce484222325)
uint64_t hash_fnv1a(uint64_t so_far, struct slice bytes);

/* CRC-32 (IEEE 802.3); start with 0 and feed the result back in for more bytes. */
uint32_t hash_crc32(uint32_t so_far, struct slice bytes);

void hash_sha256(struct slice bytes, uint8_t out[static 32]);
void hash_hmac_sha256(struct slice key, struct slice bytes, uint8_t out[static 32]);
