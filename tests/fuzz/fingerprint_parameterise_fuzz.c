/* SPDX-License-Identifier: Apache-2.0 */
/* What stands before a message does not change what is found in it; the output is bounded. */
#include "ingest/base/limits.h"
#include "ingest/fingerprint/parameterise.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct slice text = slice_of((const char *)data, size < 4096 ? size : 4096);
    struct slice pieces[] = {SLICE("x "), text};
    struct slice longer = parameterise(&arena, arena_concat(&arena, pieces, 2));
    struct slice plain = parameterise(&arena, text);
    MUST(slice_starts(longer, SLICE("x ")) && slice_eq(slice_from(longer, 2), plain));
    MUST(plain.len <= 5 * text.len + 16 && !arena.exhausted);
    return 0;
}
