/* SPDX-License-Identifier: Apache-2.0 */
/* inflate — a request body as it was before its Content-Encoding.
 *
 *   gzip x-gzip   RFC 1952, several members too           libdeflate
 *   deflate       RFC 1950, or raw RFC 1951 (sniffed)     libdeflate
 *   br            RFC 7932                                libbrotlidec
 *   zstd          RFC 8878                                libzstd
 *   identity, nothing, an unknown word                    the body itself, not copied
 *
 * Output goes straight to the free end of the arena, at most `plain_bytes_max`: the arena's pages
 * are touched as they are written, so a body costs what it really inflates to, and no size that a
 * sender claims is ever believed. A decompression bomb stops at the cap.
 *
 * Rejected: zlib's streaming inflate into growing blocks. For the gzip'd events of Python's SDK it
 * does 630 MB/s, 1,000 with its state kept, against libdeflate's 1,160, and it would have to be
 * given its room piece by piece; libdeflate wants all of it at once, and the arena is just that.
 *
 * Pure but for the decoders' working memory, which the scratch holds so that no event allocates.
 */
#pragma once
#include "ingest/base/arena.h"
#include "ingest/base/fault.h"

/* Decoders and their memory. Owner: one worker, used for one body at a time. */
struct inflate_scratch;

/* Gives a scratch for bodies of at most `plain_bytes_max` after decoding (free with
 * inflate_scratch_free, which accepts NULL); NULL without memory. */
struct inflate_scratch *inflate_scratch_new(size_t plain_bytes_max);
void inflate_scratch_free(struct inflate_scratch *scratch);

/* Fills `*plain`, which borrows `body` or lies in `arena`. Faults: MALFORMED when the bytes are not
 * what the coding says or end too early, with the offset where that shows (libdeflate tells only
 * the member's start); TOO_BIG past the cap or the arena; UNSUPPORTED for codings on codings. */
MUST_USE struct fault inflate_body(struct inflate_scratch *scratch, struct arena *arena,
                                   struct slice content_encoding, struct slice body,
                                   struct slice *plain);

/* The same for bytes known to be RFC 1950 (base64'd store bodies say so by nothing else). */
MUST_USE struct fault inflate_zlib(struct inflate_scratch *scratch, struct arena *arena,
                                   struct slice bytes, struct slice *plain);
