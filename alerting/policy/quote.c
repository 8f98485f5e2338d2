/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/policy/quote.h"
#include "ingest/base/must.h"
#include <stdint.h>

/* Fills the code point of the UTF-8 sequence at the start of `text` and gives its length; 0 when
 * there is none. */
static size_t decode(struct slice text, uint32_t *out)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)text.at;
    MUST(text.len > 0);
    size_t length = at[0] < 0x80           ? 1
                    : (at[0] >> 5) == 0x06 ? 2
                    : (at[0] >> 4) == 0x0E ? 3
                    : (at[0] >> 3) == 0x1E ? 4
                                           : 0;
    if (length == 0 || length > text.len) {
        return 0;
    }
    uint32_t point = length == 1 ? at[0] : at[0] & (0x7Fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0u) != 0x80) {
            return 0;
        }
        point = point << 6 | (at[i] & 0x3Fu);
    }
    bool is_surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (point < least[length] || point > 0x10FFFF || is_surrogate) {
        return 0;
    }
    *out = point;
    return length;
}

struct range {
    uint32_t first;
    uint32_t last;
};

/* What Go's strconv.IsPrint refuses above ASCII and people do send: C1 controls, spaces other than
 * U+0020, soft hyphen, zero width and direction marks, byte order mark, private use. */
static bool is_invisible(uint32_t point)
{
    static const struct range ranges[] = {
        {0x80, 0xA0},     {0xAD, 0xAD},       {0x61C, 0x61C},     {0x1680, 0x1680},
        {0x180E, 0x180E}, {0x2000, 0x200F},   {0x2028, 0x202F},   {0x205F, 0x206F},
        {0x3000, 0x3000}, {0xE000, 0xF8FF},   {0xFEFF, 0xFEFF},   {0xFFF0, 0xFFFB},
        {0xFFFE, 0xFFFF}, {0xE0000, 0xE0FFF}, {0xF0000, 0x10FFFF}};
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if (point >= ranges[i].first && point <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* The letter after the backslash, 0 for bytes that have none. */
static char short_escape(unsigned char c)
{
    static const char letters[] = "abtnvfr"; /* 0x07 to 0x0D */
    if (c >= 0x07 && c <= 0x0D) {
        return letters[c - 0x07];
    }
    return c == '"' || c == '\\' ? (char)c : '\0';
}

static void quote_point(struct slice bytes, uint32_t point, struct buffer *out)
{
    MUST(point <= 0x10FFFF && bytes.len != 0);
    char letter = point < 0x80 ? short_escape((unsigned char)point) : '\0';
    if (letter != '\0') {
        buffer_byte(out, '\\');
        buffer_byte(out, letter);
    } else if (point < 0x20 || point == 0x7F) {
        buffer_printf(out, "\\x%02x", point);
    } else if (is_invisible(point)) {
        buffer_printf(out, point <= 0xFFFF ? "\\u%04x" : "\\U%08x", point);
    } else {
        buffer_add(out, bytes);
    }
}

void quote_go(struct slice text, struct buffer *out)
{
    MUST(out != NULL);
    buffer_byte(out, '"');
    while (text.len != 0) {
        uint32_t point = 0;
        size_t length = decode(text, &point);
        if (length == 0) {
            buffer_printf(out, "\\x%02x", (unsigned)(unsigned char)text.at[0]);
            length = 1;
        } else {
            quote_point(slice_head(text, length), point, out);
        }
        MUST(length <= text.len);
        text = slice_from(text, length);
    }
    buffer_byte(out, '"');
}

void quote_metrics(struct slice text, struct buffer *out)
{
    MUST(out != NULL);
    buffer_byte(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '\\' || c == '"' || c == '\n') {
            buffer_byte(out, '\\');
        }
        buffer_byte(out, c == '\n' ? 'n' : c);
    }
    buffer_byte(out, '"');
}
