/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever was sent, what is left is an event within its limits, and each frame has a side. */
#include "ingest/base/limits.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/grouping.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct event event;
    if (grouping_event(&arena, slice_of((const char *)data, size), &event)) {
        MUST(event.formatted.len <= MESSAGE_BYTES_MAX && event.culprit.len <= TITLE_BYTES_MAX);
        for (uint32_t i = 0; i < event.stacktrace.count && !arena.exhausted; i++) {
            MUST(event.stacktrace.frames[i].in_app != UNKNOWN);
        }
    }
    return 0;
}
