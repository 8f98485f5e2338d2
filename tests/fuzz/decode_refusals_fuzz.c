/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of what was refused: whatever is read can be written, and is then read the same. */
#include "ingest/decode/refusals.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of((const char *)data, size);
    struct refusal one = {0}, again = {0};
    while (refusal_next(&text, &one)) {
        char room[REFUSAL_LINE_BYTES_MAX];
        struct slice line = refusal_write(&one, room);
        MUST(line.at[line.len - 1] == '\n' && refusal_next(&line, &again) && line.len == 0);
        MUST(one.project == again.project && one.fate == again.fate && one.quantity != 0);
        MUST(one.category == again.category && one.quantity == again.quantity);
        MUST(slice_eq(one.reason, again.reason));
    }
    return 0;
}
