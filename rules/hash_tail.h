/* SPDX-License-Identifier: Apache-2.0 */
/* hash_tail — the last bytes of a text for a hash that goes by eights. For this folder alone. */
#pragma once
#include "ingest/base/slice.h"
#include <stdint.h>

/* The bytes after the last whole eight, told apart from others by the length that is hashed too:
 * without copying so many bytes as are known only now. */
static inline uint64_t hash_tail(struct slice text)
{
    uint64_t tail = 0;
    if (text.len >= 8) {
        memcpy(&tail, text.at + text.len - 8, 8);
    } else if (text.len >= 4) {
        uint32_t halves[2];
        memcpy(&halves[0], text.at, 4);
        memcpy(&halves[1], text.at + text.len - 4, 4);
        tail = (uint64_t)halves[0] << 32 | halves[1];
    } else {
        for (size_t i = 0; i < text.len; i++) {
            tail = tail << 8 | (unsigned char)text.at[i];
        }
    }
    return tail;
}
