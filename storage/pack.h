/* SPDX-License-Identifier: Apache-2.0 */
/* pack — writes MessagePack, as Redis functions read it (cmsgpack.unpack): arrays, text, numbers.
 *
 * Into a buffer, whose `overflowed` is asked once at the end. Pure.
 */
#pragma once
#include "ingest/base/buffer.h"
#include <stdint.h>

/* `count` values follow. */
void pack_array(struct buffer *out, uint32_t count);

/* Any bytes. */
void pack_text(struct buffer *out, struct slice text);

void pack_integer(struct buffer *out, int64_t number);

/* NAN is packed as false: no number. */
void pack_number(struct buffer *out, double number);
