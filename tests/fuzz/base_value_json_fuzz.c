/* SPDX-License-Identifier: Apache-2.0 */
/* What was read and written reads back, and is then written the same. */
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct value *root = NULL;
    if (!fault_is(value_parse_json(&arena, slice_of((const char *)data, size), &root))) {
        struct slice once = fuzz_write(&arena, root);
        struct fault fault = value_parse_json(&arena, once, &root);
        MUST(fault.kind == FAULT_TOO_BIG || slice_eq(fuzz_write(&arena, root), once));
    }
    return 0;
}
