/* SPDX-License-Identifier: Apache-2.0 */
/* A check-in by URL, parameters in the first line: what is judged good has a slug and a status. */
#include "ingest/decode/check_in.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct slice sent = slice_of((const char *)data, size);
    struct slice parameters = slice_head(sent, slice_find(sent, '\n'));
    struct value *root = NULL;
    if (!fault_is(
            check_in_from_url(&arena, slice_from(sent, parameters.len + 1), parameters, &root)) &&
        !fault_is(check_in_judge(root))) {
        struct slice slug = slice_trim(value_text(value_get(root, SLICE("monitor_slug"))));
        MUST(slug.len - 1 < 50 && value_text(value_get(root, SLICE("status"))).len >= 2);
        MUST(!fault_is(value_parse_json(&arena, fuzz_write(&arena, root), &root)) ||
             arena.exhausted);
    }
    return 0;
}
