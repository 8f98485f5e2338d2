/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/id.h"
#include "ingest/base/must.h"

static int digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool is_dash_place(size_t i)
{
    return i == 8 || i == 13 || i == 18 || i == 23;
}

bool id_parse(struct slice text, struct id *out)
{
    bool dashed = text.len == 36;
    if (!dashed && text.len != ID_HEX_BYTES) {
        return false;
    }
    struct id id = {{0}};
    size_t nibble = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (dashed && is_dash_place(i)) {
            if (text.at[i] != '-') {
                return false;
            }
            continue;
        }
        int value = digit(text.at[i]);
        if (value < 0) {
            return false;
        }
        id.bytes[nibble / 2] = (uint8_t)((id.bytes[nibble / 2] << 4) | value);
        nibble++;
    }
    MUST(nibble == ID_HEX_BYTES);
    *out = id;
    return true;
}

void id_hex(const uint8_t *bytes, size_t size, char *out)
{
    MUST(bytes != NULL || size == 0);
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * size] = '\0';
}

void id_format(struct id id, char out[static ID_HEX_BYTES + 1])
{
    id_hex(id.bytes, sizeof(id.bytes), out);
}

bool id_eq(struct id a, struct id b)
{
    return memcmp(a.bytes, b.bytes, sizeof(a.bytes)) == 0;
}

bool id_is_none(struct id id)
{
    return id_eq(id, (struct id){{0}});
}
