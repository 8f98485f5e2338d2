/* SPDX-License-Identifier: Apache-2.0 */
/* What a record remembers of limits: written behind other parameters, it is read the same. */
#include "ingest/decode/limited.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct limited once, again;
    limited_read(slice_of((const char *)data, size), &once);
    struct slice text = limited_write(&arena, SLICE("status=ok"), &once);
    limited_read(text, &again);
    MUST(slice_starts(text, SLICE("status=ok")));
    for (unsigned i = 0; i < CATEGORY_COUNT; i++) {
        MUST(slice_eq(once.by[i], again.by[i]));
    }
    return 0;
}
