/* SPDX-License-Identifier: Apache-2.0 */
/* build_id — what the linker calls a program: the note NT_GNU_BUILD_ID, most often a SHA-1.
 *
 *   code_id    its bytes as hex                              "5da2…f1", any even number of digits
 *   debug_id   its first 16 bytes as a little-endian GUID    "b8a25d01-…", and maybe an age after
 * it
 *
 * An SDK that sends only the debug_id names a prefix. Text comes from events: only hex is read, so
 * that a path made of a build id stays in its folder. Pure.
 */
#pragma once
#include "ingest/base/limits.h"
#include "ingest/base/slice.h"
#include <stdint.h>

struct build_id {
    uint8_t bytes[BUILD_ID_BYTES_MAX];
    uint8_t len;    /* bytes; 0: none */
    bool is_prefix; /* of a longer one, maybe */
};

/* Hex digits of BUILD_ID_BYTES_MIN to BUILD_ID_BYTES_MAX bytes, in either case; false (and `out`
 * untouched) otherwise. */
bool build_id_parse(struct slice code_id, struct build_id *out);

/* A debug id, with or without dashes; 16 bytes, a prefix. False as above. */
bool build_id_of_debug_id(struct slice debug_id, struct build_id *out);

#define BUILD_ID_HEX_BYTES (2u * BUILD_ID_BYTES_MAX + 1u)

/* Fills lower-case hex and a NUL. */
void build_id_format(const struct build_id *id, char out[static BUILD_ID_HEX_BYTES]);
