/* SPDX-License-Identifier: Apache-2.0 */
/* A view is bounded, is UTF-8, and has neither NUL nor runs of space, whatever was sent. */
#include "ingest/base/limits.h"
#include "ingest/normalise/decoded.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    enum decoded_kind kind = size % 2 == 0 ? DECODED_TEXT : DECODED_QUERY;
    struct slice view = decoded_text(&arena, slice_of((const char *)data, size), kind);
    MUST(view.len <= 2 * (size_t)DECODED_BYTES_MAX && slice_find(view, '\0') == view.len);
    MUST(slice_search(view, SLICE("  ")) == view.len &&
         decoded_unquoted(&arena, view).len <= view.len);
    return 0;
}
