/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/hpack.h"
#include "ingest/base/must.h"

#include <stdint.h>

/* Octets of an integer after its prefix that libh2o accepts: 28 bits. */
#define INTEGER_OCTETS_MAX 4u

/* Reads an integer with a prefix of `bits` (section 5.1); false: cut off, or longer than allowed.
 */
static bool integer(struct slice *rest, unsigned bits, size_t *out)
{
    MUST(bits >= 4 && bits <= 7);
    if (rest->len == 0) {
        return false;
    }
    size_t prefix = ((size_t)1 << bits) - 1;
    size_t value = (uint8_t)rest->at[0] & prefix;
    *rest = slice_from(*rest, 1);
    for (unsigned i = 0; value >= prefix && i < INTEGER_OCTETS_MAX; i++) {
        if (rest->len == 0) {
            return false;
        }
        uint8_t octet = (uint8_t)rest->at[0];
        *rest = slice_from(*rest, 1);
        value += (size_t)(octet & 127u) << (7 * i);
        if (octet < 128) {
            *out = value;
            return true;
        }
    }
    *out = value;
    return value < prefix;
}

/* Passes over a string (section 5.2). */
static bool string(struct slice *rest)
{
    size_t length;
    if (!integer(rest, 7, &length) || length > rest->len) {
        return false;
    }
    *rest = slice_from(*rest, length);
    return true;
}

/* Passes over a literal field: a name by reference or in full, and a value. */
static bool literal(struct slice *rest, unsigned bits)
{
    size_t index;
    return integer(rest, bits, &index) && (index != 0 || string(rest)) && string(rest);
}

size_t hpack_count(struct slice block)
{
    size_t count = 0;
    while (block.len > 0) {
        uint8_t first = (uint8_t)block.at[0];
        size_t before = block.len;
        size_t ignored;
        bool is_size_update = first >= 32 && first < 64;
        bool ok;
        if (first >= 128) {
            ok = integer(&block, 7, &ignored);
        } else if (first >= 64) {
            ok = literal(&block, 6);
        } else if (is_size_update) {
            ok = integer(&block, 5, &ignored);
        } else {
            ok = literal(&block, 4);
        }
        if (!ok) {
            return HPACK_MALFORMED;
        }
        MUST(block.len < before); /* so this ends */
        count += is_size_update ? 0 : 1;
    }
    return count;
}
