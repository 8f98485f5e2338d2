/* SPDX-License-Identifier: Apache-2.0 */
/* printable — base64 that is a text: what a value means when it is base64 as a whole and every byte
 * of it can be printed. Private to ingest/normalise.
 */
#pragma once
#include "ingest/base/arena.h"

/* Fills `*out`, in `arena`, with what `value` is the base64 of (RFC 4648, both alphabets, padding
 * optional). False when it is not, is shorter than PRINTABLE_BASE64_BYTES_MIN, or is no text. */
bool printable_base64(struct arena *arena, struct slice value, struct slice *out);
