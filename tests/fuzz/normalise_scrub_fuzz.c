/* SPDX-License-Identifier: Apache-2.0 */
/* No secret that is planted in an event survives anywhere in it; scrubbing twice is as once. */
#include "tests/fuzz/scrub.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct slice sent = slice_of((const char *)data, size);
    struct slice once = fuzz_has_secret(sent) ? sent : fuzz_scrub(&arena, sent);
    if (once.len != 0 && once.at != sent.at) {
        MUST(!fuzz_has_secret(once));
        MUST(slice_eq(fuzz_scrub(&arena, once), once) || arena.exhausted);
    }
    return 0;
}
