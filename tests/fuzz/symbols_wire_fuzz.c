/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker says is read and stepped over alike, and its texts lie inside of it. */
#include "ingest/symbols/symbol_wire.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct slice in = slice_of((const char *)data, size);
    struct slice skipped = in;
    struct symbol symbol;
    struct slice one = symbol_skip(&skipped);
    bool is_read = symbol_read(&in, &arena, &symbol);
    MUST(is_read == (one.len > 0) && (!is_read || in.len == skipped.len));
    for (uint32_t i = 0; is_read && i < symbol.count; i++) {
        MUST(fuzz_is_inside(&arena, one, symbol.places[i].function));
        MUST(fuzz_is_inside(&arena, one, symbol.places[i].file));
    }
    return 0;
}
