/* SPDX-License-Identifier: Apache-2.0 */
/* Parts lie in the body, in order and apart. */
#include "ingest/decode/multipart.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice body = slice_of((const char *)data, size);
    struct multipart form;
    struct part part;
    bool found = true;
    const char *end = body.at;
    struct fault fault = multipart_open(&form, SLICE("multipart/form-data; boundary=b"), body);
    while (!fault_is(fault) && found) {
        fault = multipart_next(&form, &part, &found);
        MUST(fault.offset == FAULT_NO_OFFSET || fault.offset <= size);
        MUST(part.content.len == 0 || part.content.at > end);
        end = part.content.len != 0 ? part.content.at + part.content.len : end;
        MUST(end == NULL || end <= body.at + size);
    }
    return 0;
}
