/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a client report are bounded, and each can be written down and read as it was. */
#include "ingest/decode/client_report.h"
#include "ingest/decode/refusals.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct value *root = NULL;
    struct contents out = {0};
    if (fault_is(value_parse_json(&arena, slice_of((const char *)data, size), &root)) ||
        fault_is(client_report_read(&arena, root, &out))) {
        return 0;
    }
    for (uint32_t i = 0; i < out.discard_count; i++) {
        const struct discard *at = &out.discards[i];
        struct refusal line = {7, FATE_CLIENT_DISCARD, at->category, at->quantity, at->reason};
        struct refusal read = {0};
        char room[REFUSAL_LINE_BYTES_MAX];
        struct slice text = refusal_write(&line, room);
        MUST(refusal_next(&text, &read) && text.len == 0 && slice_eq(read.reason, at->reason));
        MUST(read.category == at->category && read.quantity == at->quantity);
    }
    MUST(out.discard_count + (size_t)out.left_out <= size);
    return 0;
}
