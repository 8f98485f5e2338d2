/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever the coding and the bytes, at most the cap comes out, and nothing on a fault. */
#include "ingest/decode/inflate.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const codings[] = {"gzip", "deflate", "br", "zstd"};
    struct arena arena = fuzz_arena();
    struct inflate_scratch *scratch = inflate_scratch_new(65536);
    for (size_t i = 0; i < 4 && scratch != NULL; i++) {
        struct slice body = slice_of((const char *)data, size);
        struct slice plain = {0};
        bool bad = fault_is(inflate_body(scratch, &arena, slice_str(codings[i]), body, &plain));
        MUST(plain.len <= 65536 && arena.used <= (i + 1) * 65536 && (!bad || plain.at == NULL));
    }
    inflate_scratch_free(scratch);
    return 0;
}
