/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/utf8.h"
#include "ingest/base/must.h"
#include <stdint.h>

size_t utf8_first_bytes(struct slice text)
{
    MUST(text.len != 0);
    const unsigned char *at = (const unsigned char *)text.at;
    unsigned char c = at[0];
    size_t length = c < 0x80                ? 1
                    : c >= 0xC2 && c < 0xE0 ? 2
                    : (c & 0xF0u) == 0xE0   ? 3
                    : c >= 0xF0 && c < 0xF5 ? 4
                                            : 0;
    if (length == 0 || length > text.len) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0u) != 0x80) {
            return 0;
        }
    }
    bool overlong = (c == 0xE0 && at[1] < 0xA0) || (c == 0xF0 && at[1] < 0x90);
    bool outside = (c == 0xED && at[1] >= 0xA0) || (c == 0xF4 && at[1] >= 0x90);
    return overlong || outside ? 0 : length;
}

/* Bytes of ASCII it begins with, in steps of eight. */
static size_t ascii_bytes(struct slice text)
{
    size_t i = 0;
    for (; i + 8 <= text.len; i += 8) {
        uint64_t word;
        memcpy(&word, text.at + i, sizeof(word));
        if ((word & UINT64_C(0x8080808080808080)) != 0) {
            break;
        }
    }
    return i;
}

bool utf8_is(struct slice text)
{
    while (text.len != 0) {
        size_t bytes = ascii_bytes(text);
        if (bytes == 0) {
            bytes = utf8_first_bytes(text);
            if (bytes == 0) {
                return false;
            }
        }
        text = slice_from(text, bytes);
    }
    return true;
}
