/* SPDX-License-Identifier: Apache-2.0 */
/* Settings of a project: refused; or within their bounds, and read again the same. */
#include "ingest/settings.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct value *root = NULL;
    struct project_settings once, again;
    if (fault_is(value_parse_json(&arena, slice_of((const char *)data, size), &root)) ||
        fault_is(settings_read(&arena, root, &once))) {
        return 0;
    }
    struct slice text = fuzz_write(&arena, root);
    for (uint32_t i = 0; i < once.limit_count; i++) {
        MUST(once.limits[i].count - 1 < LIMIT_COUNT_MAX && once.limits[i].name.len != 0);
        MUST(once.limits[i].seconds - 1 < LIMIT_SECONDS_MAX);
        MUST(!limit_covers(&once.limits[i], CATEGORY_INTERNAL));
    }
    MUST(once.filter.messages.count <= FILTER_PATTERNS_MAX);
    bool is_read = !fault_is(value_parse_json(&arena, text, &root)) &&
                   !fault_is(settings_read(&arena, root, &again));
    MUST(arena.exhausted || (is_read && again.limit_count == once.limit_count));
    return 0;
}
