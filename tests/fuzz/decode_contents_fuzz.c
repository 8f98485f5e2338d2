/* SPDX-License-Identifier: Apache-2.0 */
/* All items of an envelope (feedback, logs, spans …): a fault lies in the body, or is of no place;
 * what is no fault is events or a quantity. */
#include "ingest/decode/contents.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct envelope envelope;
    const struct report_source source = {.received_us = 1, .parameters = SLICE("sentry_release=1")};
    struct fault fault = envelope_parse(&arena, slice_of((const char *)data, size), &envelope);
    for (uint32_t i = 0; !fault_is(fault) && i < envelope.count; i++) {
        struct contents out;
        struct fault bad = contents_read(&arena, &source, &envelope, i, &out);
        MUST(bad.offset == FAULT_NO_OFFSET || (fault_is(bad) && bad.offset <= size));
        MUST(fault_is(bad) || out.events == NULL || value_is(out.events, VALUE_LIST));
        MUST(out.discard_count == 0 || envelope.items[i].kind == ITEM_CLIENT_REPORT);
        MUST(out.quantity <= size || envelope.items[i].kind == ITEM_SESSIONS);
    }
    return 0;
}
