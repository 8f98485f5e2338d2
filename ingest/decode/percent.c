/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/percent.h"
#include "ingest/base/must.h"

static int digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The byte that the three characters at `i` stand for, -1 when they are no escape. */
static int escaped_byte(struct slice text, size_t i)
{
    if (text.at[i] != '%' || text.len - i < 3) {
        return -1;
    }
    int high = digit(text.at[i + 1]);
    int low = digit(text.at[i + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

struct slice percent_decode(struct arena *arena, struct slice text, bool plus_is_space)
{
    MUST(arena != NULL);
    if (slice_find(text, '%') == text.len &&
        (!plus_is_space || slice_find(text, '+') == text.len)) {
        return text;
    }
    char *to = arena_bytes(arena, text.len);
    if (to == NULL) {
        return slice_of(NULL, 0);
    }
    size_t length = 0;
    for (size_t i = 0; i < text.len; i++) {
        int byte = escaped_byte(text, i);
        if (byte >= 0) {
            to[length++] = (char)byte;
            i += 2;
        } else {
            to[length++] = plus_is_space && text.at[i] == '+' ? ' ' : text.at[i];
        }
    }
    MUST(length <= text.len);
    return slice_of(to, length);
}

bool percent_next_pair(struct slice *rest, char separator, struct slice *name, struct slice *value)
{
    MUST(name != NULL && value != NULL);
    while (rest->len != 0) {
        struct slice part = slice_head(*rest, slice_find(*rest, separator));
        *rest = slice_from(*rest, part.len + 1);
        part = slice_trim(part);
        if (part.len == 0) {
            continue;
        }
        size_t equals = slice_find(part, '=');
        *name = slice_trim(slice_head(part, equals));
        *value = slice_trim(slice_from(part, equals + 1));
        return true;
    }
    return false;
}
