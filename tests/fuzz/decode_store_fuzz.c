/* SPDX-License-Identifier: Apache-2.0 */
/* What opens lies in the body or the arena; what parses can be written and read again. */
#include "ingest/decode/store.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct inflate_scratch *scratch = inflate_scratch_new(65536);
    struct slice body = slice_of((const char *)data, size);
    struct slice json = {0};
    struct value *root = NULL;
    if (!fault_is(store_open(scratch, &arena, body, &json)) &&
        !fault_is(store_parse(&arena, json, &root))) {
        MUST(fuzz_is_inside(&arena, body, json));
        struct fault fault = value_parse_json(&arena, fuzz_write(&arena, root), &root);
        MUST(fault.kind == FAULT_NONE || fault.kind == FAULT_TOO_BIG);
    }
    inflate_scratch_free(scratch);
    return 0;
}
