/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions of an item: none without a release, never more than are believed. */
#include "ingest/decode/session.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct value *root = NULL;
    uint32_t one = 0, sum = 0;
    if (!fault_is(value_parse_json(&arena, slice_of((const char *)data, size), &root))) {
        bool has_one = !fault_is(session_read(root, &one));
        bool has_sum = !fault_is(session_read_aggregates(root, &sum));
        MUST(one == has_one && (sum != 0) == has_sum && sum <= 1000000000);
        MUST(!(has_one || has_sum) || value_get(root, SLICE("attrs")) != NULL);
        MUST(session_ending(root).len <= 8); /* "abnormal" */
    }
    return 0;
}
