/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/printable.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"

static int digit_of(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

/* ASCII only: half of all bytes could be of a longer character. */
static bool is_printable(unsigned char c)
{
    return (c >= ' ' && c < 0x7F) || c == '\n' || c == '\r' || c == '\t';
}

/* Without its padding; empty when the padding or the length cannot be. */
static struct slice unpadded(struct slice value)
{
    size_t length = value.len;
    while (length > 0 && value.len - length < 2 && value.at[length - 1] == '=') {
        length--;
    }
    bool is_whole = value.len == length ? length % 4 != 1 : value.len % 4 == 0;
    return slice_head(value, is_whole ? length : 0);
}

/* Three bytes of up to four digits; false at the first that is no text. */
static bool decode_group(struct slice group, char *to, size_t *written)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < 4; i++) {
        int digit = i < group.len ? digit_of(group.at[i]) : 0;
        if (digit < 0) {
            return false;
        }
        bits = bits << 6 | (uint32_t)digit;
    }
    *written = group.len - 1;
    for (size_t i = 0; i < *written; i++) {
        unsigned char byte = (unsigned char)(bits >> (16 - 8 * i));
        if (!is_printable(byte)) {
            return false;
        }
        to[i] = (char)byte;
    }
    return true;
}

bool printable_base64(struct arena *arena, struct slice value, struct slice *out)
{
    struct slice text = unpadded(value);
    if (value.len < PRINTABLE_BASE64_BYTES_MIN || text.len == 0) {
        return false;
    }
    size_t room = 0;
    size_t length = 0;
    char *to = arena_rest(arena, &room);
    if (room < text.len) {
        return false;
    }
    for (size_t at = 0; at < text.len; at += 4) {
        size_t written = 0;
        if (!decode_group(slice_head(slice_from(text, at), 4), to + length, &written)) {
            arena_rest_spoiled(arena, length + 3);
            return false;
        }
        length += written;
    }
    MUST(length < text.len);
    *out = slice_of(arena_bytes(arena, length), length);
    return out->at != NULL;
}
