/* SPDX-License-Identifier: Apache-2.0 */
/* No secret that is planted in an event survives in what is kept of it when it is only counted. */
#include "tests/fuzz/scrub.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct slice sent = slice_of((const char *)data, size);
    if (!fuzz_has_secret(sent)) {
        MUST(!fuzz_has_secret(fuzz_scrub_kept(&arena, sent)));
    }
    return 0;
}
