/* SPDX-License-Identifier: Apache-2.0 */
/* id — 16 bytes that name an event, a fingerprint hash, a notice.
 *
 * Written as 32 lower-case hex digits; read also with dashes (8-4-4-4-12) and in upper case, as
 * the SDKs send them. The all-zero id means "none".
 */
#pragma once
#include "ingest/base/slice.h"
#include <stdint.h>

#define ID_HEX_BYTES 32u

struct id {
    uint8_t bytes[16];
};

/* Fills `out` from 32 hex digits or a dashed UUID; false (and `out` untouched) for anything else.
 */
bool id_parse(struct slice text, struct id *out);

/* Fills 32 hex digits and a NUL. */
void id_format(struct id id, char out[static ID_HEX_BYTES + 1]);

bool id_eq(struct id a, struct id b);
bool id_is_none(struct id id);

/* Lower-case hex of any bytes: fills 2 * size digits and a NUL. */
void id_hex(const uint8_t *bytes, size_t size, char *out);
