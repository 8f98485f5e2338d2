/* SPDX-License-Identifier: Apache-2.0 */
/* Matchers: refused inside the text; or what asks for a label's own value holds for that label. */
#include "alerting/policy/matcher.h"
#include "ingest/base/limits.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct matchers all = {ARENA_ARRAY(&arena, MATCHERS_MAX, struct matcher), 0};
    struct matcher_error error = {.offset = 0};
    bool well = matchers_parse(&all, slice_of((const char *)data, size), &arena, &error);
    MUST(well || (error.offset <= size && error.message[0] != '\0'));
    for (uint32_t i = 0; i < all.count; i++) {
        struct matchers one = {&all.items[i], 1};
        struct label label = {all.items[i].name, all.items[i].value};
        struct labels labels = {&label, label.value.len != 0, 1};
        MUST(all.items[i].regex != NULL || matchers_hold(&one, &labels, NULL) != all.items[i].op);
    }
    matchers_done(&all);
    return 0;
}
