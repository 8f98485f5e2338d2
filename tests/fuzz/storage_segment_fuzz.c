/* SPDX-License-Identifier: Apache-2.0 */
/* A segment of records, holes and flipped bytes: what recovery keeps, it finds again. */
#include "storage/segment.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char file[65536 + 8192];
    struct segment_head head = {{{1}}, 1};
    struct segment_scan found, again;
    struct record record = {.kind = RECORD_STORE, .body = slice_of((const char *)data, size % 200)};
    size_t len = SEGMENT_HEAD_BYTES;
    for (size_t i = 0; i < size && len < 65536; i++) {
        record.durable = data[i] % 4 == 1 ? record.sequence : record.durable;
        record.sequence++;
        memset(file + len, data[i] % 4 == 2 ? data[i] : 0, 512);
        if (data[i] % 4 != 2) {
            record_encode(&record, record_salt(head.node), file + len);
        }
        file[len + data[i]] ^= data[i] % 4 == 3 ? 1 : 0;
        len += record_bytes(&record);
    }
    segment_scan_bytes(slice_of(file, len), &head, &found);
    MUST(found.end <= len && found.last <= record.sequence && found.damaged_at < len);
    segment_scan_bytes(slice_of(file, found.end), &head, &again);
    MUST(found.last == again.last && found.end == again.end);
    MUST(found.damaged == again.damaged && found.damaged_at == again.damaged_at);
    return 0;
}
