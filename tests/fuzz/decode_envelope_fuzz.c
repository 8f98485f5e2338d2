/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads lie in the body, in order and apart; a fault's offset lies in the body too. */
#include "ingest/decode/envelope.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct envelope envelope = {0};
    struct fault fault = envelope_parse(&arena, slice_of((const char *)data, size), &envelope);
    MUST(fault_is(fault) == (envelope.headers == NULL));
    MUST(fault.offset == FAULT_NO_OFFSET || fault.offset <= size);
    for (size_t i = 0, end = 0; i < envelope.count; i++) {
        MUST(envelope.items[i].offset >= end && envelope.items[i].offset <= size);
        end = envelope.items[i].offset + envelope.items[i].payload.len;
        MUST(end <= size && envelope.items[i].kind < ITEM_KIND_COUNT);
    }
    return 0;
}
