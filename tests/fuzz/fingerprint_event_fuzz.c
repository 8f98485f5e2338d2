/* SPDX-License-Identifier: Apache-2.0 */
/* An explanation is JSON and tells of the very hashes that the event has without it. */
#include "tests/fuzz/fuzz.h"
#include "tests/support/grouping.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct event event;
    struct fingerprint is;
    struct fingerprint told;
    if (grouping_event(&arena, slice_of((const char *)data, size), &event)) {
        fingerprint_of(&arena, &event, &is);
        struct slice why = grouping_explain(&arena, &event, &told);
        MUST(arena.exhausted || (is.count == told.count && id_eq(is.hashes[0], told.hashes[0])));
        struct value *root = NULL;
        struct fault fault = value_parse_json(&arena, why, &root);
        MUST(arena.exhausted || !fault_is(fault));
    }
    return 0;
}
