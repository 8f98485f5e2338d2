/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/stack_memo.h"
#include "ingest/base/hash.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/normalise/stack_rule.h"
#include <stdlib.h>

struct slot {
    struct stack_mark mark;
    uint32_t length; /* of `key`; 0: empty */
    char key[STACK_MEMO_KEY_BYTES_MAX];
};

struct stack_memo {
    struct slot slots[STACK_MEMO_SLOTS];
};

/* All that a mark depends on, each text with its length before it; 0 when that is too long. */
static uint32_t write_key(const struct event *event, const struct frame *frame,
                          char out[static STACK_MEMO_KEY_BYTES_MAX])
{
    const struct slice path = frame->abs_path.len != 0 ? frame->abs_path : frame->filename;
    const struct slice texts[] = {frame->function, frame->module, frame->package, path};
    uint32_t length = 2;
    out[0] = (char)family_of(event, frame);
    out[1] = (char)((frame->in_app == YES) | (frame->abs_path.len != 0) << 1);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i].len > UINT8_MAX || length + 1 + texts[i].len > STACK_MEMO_KEY_BYTES_MAX) {
            return 0;
        }
        out[length++] = (char)texts[i].len;
        if (texts[i].len != 0) {
            memcpy(out + length, texts[i].at, texts[i].len);
        }
        length += (uint32_t)texts[i].len;
    }
    MUST(length <= STACK_MEMO_KEY_BYTES_MAX);
    return length;
}

struct stack_mark stack_memo_mark(struct stack_memo *memo, const struct event *event,
                                  const struct frame *frame)
{
    char key[STACK_MEMO_KEY_BYTES_MAX];
    uint32_t length = memo != NULL ? write_key(event, frame, key) : 0;
    if (length == 0) {
        return stack_rule_mark(event, frame);
    }
    struct slot *slot = &memo->slots[hash_crc32(0, slice_of(key, length)) % STACK_MEMO_SLOTS];
    if (slot->length != length || memcmp(slot->key, key, length) != 0) {
        slot->mark = stack_rule_mark(event, frame);
        slot->length = length;
        memcpy(slot->key, key, length);
    }
    return slot->mark;
}

struct stack_memo *stack_memo_new(void)
{
    return calloc(1, sizeof(struct stack_memo));
}

void stack_memo_free(struct stack_memo *memo)
{
    free(memo);
}
