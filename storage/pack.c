/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/pack.h"

#include "ingest/base/must.h"
#include <math.h>

/* A tag and the number in `bytes` bytes, big endian. */
static void tagged(struct buffer *out, uint8_t tag, uint64_t number, size_t bytes)
{
    char text[9] = {(char)tag};
    for (size_t i = 0; i < bytes; i++) {
        text[bytes - i] = (char)(unsigned char)(number >> (8 * i));
    }
    buffer_add(out, slice_of(text, bytes + 1));
}

void pack_array(struct buffer *out, uint32_t count)
{
    if (count < 16) {
        tagged(out, (uint8_t)(0x90 | count), 0, 0);
    } else if (count <= UINT16_MAX) {
        tagged(out, 0xdc, count, 2);
    } else {
        tagged(out, 0xdd, count, 4);
    }
}

void pack_text(struct buffer *out, struct slice text)
{
    MUST(text.len <= UINT32_MAX);
    if (text.len < 32) {
        tagged(out, (uint8_t)(0xa0 | text.len), 0, 0);
    } else if (text.len <= UINT8_MAX) {
        tagged(out, 0xd9, text.len, 1);
    } else if (text.len <= UINT16_MAX) {
        tagged(out, 0xda, text.len, 2);
    } else {
        tagged(out, 0xdb, text.len, 4);
    }
    buffer_add(out, text);
}

void pack_integer(struct buffer *out, int64_t number)
{
    if (number >= 0 && number < 128) {
        tagged(out, (uint8_t)number, 0, 0);
    } else if (number >= 0 && number <= UINT32_MAX) {
        tagged(out, 0xce, (uint64_t)number, 4);
    } else {
        tagged(out, 0xd3, (uint64_t)number, 8);
    }
}

void pack_number(struct buffer *out, double number)
{
    uint64_t bits = 0;
    memcpy(&bits, &number, sizeof bits);
    if (isnan(number)) {
        tagged(out, 0xc2, 0, 0);
    } else {
        tagged(out, 0xcb, bits, 8);
    }
}
