/* SPDX-License-Identifier: Apache-2.0 */
/* hpack — counts the fields of a header block (RFC 7541 section 6) without decoding it.
 *
 * A reference is one byte, and libh2o allocates for each: 16 KB of them take 1.6 MB, for every
 * stream. Counted first, a block over the limit costs nothing. Pure.
 */
#pragma once
#include "ingest/base/slice.h"

#define HPACK_MALFORMED SIZE_MAX

/* The number of fields (size updates are none), or HPACK_MALFORMED. */
size_t hpack_count(struct slice block);
