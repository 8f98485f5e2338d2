/* SPDX-License-Identifier: Apache-2.0 */
/* An object is an event whatever is in it, and all its text is the sender's or the arena's. */
#include "ingest/decode/event_json.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct slice json = slice_of((const char *)data, size);
    struct value *root = NULL;
    struct event event = {0};
    if (!fault_is(value_parse_json(&arena, json, &root))) {
        bool bad = fault_is(event_decode(&arena, root, &event));
        MUST(bad == (root->kind != VALUE_MAP || arena.exhausted));
        MUST(fuzz_is_inside(&arena, json, event.logger));
        MUST(fuzz_is_inside(&arena, json, event.request.query_string));
    }
    return 0;
}
