/* SPDX-License-Identifier: Apache-2.0 */
/* One input in each of the places of a key: there is a key of 32 digits, or a fault. */
#include "ingest/decode/auth.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct slice text = slice_of((const char *)data, size);
    struct auth_sources all[] = {{.x_sentry_auth = text},
                                 {.authorization = text},
                                 {.query = text},
                                 {.path_key = text},
                                 {.dsn = text}};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct auth auth = {0};
        bool is_good = !fault_is(auth_read(&arena, &all[i], &auth));
        MUST(is_good == (auth.key.len == 32) && is_good == (auth.version - 1 < 7));
        MUST(!is_good || auth_is_given(&all[i]) || auth.project != 0);
    }
    return 0;
}
