/* SPDX-License-Identifier: Apache-2.0 */
/* A dump that is read has an exception, and only a dump that begins like one is read. */
#include "ingest/decode/minidump.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct slice bytes = slice_of((const char *)data, size);
    struct value *event = value_new(&arena, VALUE_MAP);
    struct fault fault = minidump_describe(&arena, bytes, event);
    MUST(fault_is(fault) || minidump_is(bytes));
    MUST(fault_is(fault) || value_get(event, SLICE("exception")) != NULL);
    return 0;
}
