/* SPDX-License-Identifier: Apache-2.0 */
/* A record whose checksums hold, whatever else it says: refused, or encoded again byte for byte. */
#include "ingest/base/hash.h"
#include "storage/record.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char bytes[8192], again[8192];
    struct record record;
    uint32_t length = size < 80 ? 80 : size < 4000 ? (uint32_t)size : 4000;
    memset(bytes, 0, sizeof bytes);
    memcpy(bytes, data, size < length ? size : length);
    memcpy(bytes + 8, &length, 4);
    memcpy(bytes + 72, &(uint64_t){hash_crc32(7, slice_of(bytes + 8, 64))}, 8);
    memcpy(bytes + 4, &(uint32_t){hash_crc32(7, slice_of(bytes + 8, length - 8))}, 4);
    if (!fault_is(record_decode(slice_of(bytes, sizeof bytes), 7, &record))) {
        MUST(record_bytes(&record) == (length + 7u) / 8 * 8 && record.sequence > record.durable);
        record_encode(&record, 7, again);
        MUST(memcmp(again, bytes, length) == 0);
    }
    return 0;
}
