/* SPDX-License-Identifier: Apache-2.0 */
/* base64 — bytes from their RFC 4648 text, both alphabets (+/ and -_).
 *
 * Padding may be missing and white space may stand anywhere (raven for Ruby breaks its lines),
 * since neither can be mistaken for anything else. Pure.
 */
#pragma once
#include "ingest/base/arena.h"
#include "ingest/base/fault.h"

/* Fills `*out`, in `arena`. MALFORMED with the offset of a character that is in no alphabet, of
 * text after padding, or of a lone last character; TOO_BIG when the arena is full. */
MUST_USE struct fault base64_decode(struct arena *arena, struct slice text, struct slice *out);
