/* SPDX-License-Identifier: Apache-2.0 */
/* What is refused is answered with JSON that has a reason, small enough for every client. */
#include "ingest/base/limits.h"
#include "ingest/decode/envelope.h"
#include "ingest/decode/store.h"
#include "ingest/http/reply.h"
#include "tests/fuzz/fuzz.h"

/* Stands for the server's: looks at the answer instead of sending it. */
void http_reply(struct http_ticket *ticket, const struct http_answer *answer)
{
    struct arena *arena = (struct arena *)ticket;
    struct value *root = NULL;
    MUST(answer->status >= 400 && answer->body.len <= HTTP_ANSWER_BYTES_MAX);
    MUST(!fault_is(value_parse_json(arena, answer->body, &root)));
    MUST(value_string(value_get(root, SLICE("detail"))).len != 0);
    for (unsigned i = 0; i < answer->field_count; i++) {
        MUST(slice_find(answer->fields[i].value, '\n') == answer->fields[i].value.len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena = fuzz_arena();
    struct slice body = slice_of((const char *)data, size);
    struct envelope envelope;
    struct value *root = NULL;
    struct fault faults[] = {envelope_parse(&arena, body, &envelope),
                             store_parse(&arena, body, &root)};
    for (size_t i = 0; i < 2; i++) {
        MUST(faults[i].offset == FAULT_NO_OFFSET || faults[i].offset <= size);
        arena = fuzz_arena();
        if (fault_is(faults[i])) {
            reply_fault((struct http_ticket *)&arena, faults[i]);
        }
    }
    return 0;
}
