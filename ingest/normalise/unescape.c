/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/normalise/unescape.h"
#include "ingest/base/must.h"
#include "ingest/normalise/entity.h"
#include <stdint.h>

/* Hex digits at the front, at most `max`; their value. */
static size_t read_hex(const char *text, size_t length, size_t max, uint32_t *value)
{
    size_t at = 0;
    *value = 0;
    for (; at < length && at < max; at++) {
        char lower = (char)(text[at] | 0x20);
        if (text[at] >= '0' && text[at] <= '9') {
            *value = *value * 16 + (uint32_t)(text[at] - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            *value = *value * 16 + (uint32_t)(lower - 'a' + 10);
        } else {
            break;
        }
    }
    return at;
}

/* %XX is a byte, %uXXXX a code point (what IIS reads). */
static size_t read_percent(const char *text, size_t length, char *to, size_t *written)
{
    uint32_t value = 0;
    if (length >= 6 && (text[1] | 0x20) == 'u' && read_hex(text + 2, 4, 4, &value) == 4) {
        *written = entity_write(value, to);
        return 6;
    }
    if (length >= 3 && read_hex(text + 1, 2, 2, &value) == 2) {
        to[0] = (char)value;
        *written = 1;
        return 3;
    }
    return 0;
}

/* \uXXXX, \u{X} and \xXX, as JSON, JavaScript and C write them. */
static size_t read_backslash(const char *text, size_t length, char *to, size_t *written)
{
    uint32_t value = 0;
    size_t used = 0;
    if (length < 4) {
        return 0;
    }
    if (text[1] == 'u' && text[2] == '{') {
        size_t digits = read_hex(text + 3, length - 3, 6, &value);
        used = digits != 0 && 3 + digits < length && text[3 + digits] == '}' ? digits + 4 : 0;
    } else if (text[1] == 'u' && length >= 6 && read_hex(text + 2, 4, 4, &value) == 4) {
        used = 6;
    } else if (text[1] == 'x' && read_hex(text + 2, 2, 2, &value) == 2) {
        used = 4;
    }
    *written = used != 0 ? entity_write(value, to) : 0;
    MUST(*written <= used);
    return used;
}

static size_t read_entity(const char *text, size_t length, char *to, size_t *written)
{
    uint32_t point = 0;
    size_t used = entity_read(text, length, &point);
    *written = used != 0 ? entity_write(point, to) : 0;
    MUST(*written <= used);
    return used;
}

/* One escape at the front of `text`, to `to`, which may be the same place. 0: there is none. */
static size_t read_escape(const char *text, size_t length, char *to, size_t *written)
{
    char bytes[4] = {0};
    size_t used = 0;
    switch (text[0]) {
    case '%':
        used = read_percent(text, length, bytes, written);
        break;
    case '&':
        used = read_entity(text, length, bytes, written);
        break;
    case '\\':
        used = read_backslash(text, length, bytes, written);
        break;
    default:
        return 0;
    }
    for (size_t i = 0; used != 0 && i < *written; i++) {
        to[i] = bytes[i];
    }
    return used;
}

size_t unescape(char *text, size_t length, bool plus_is_space, bool *changed)
{
    size_t out = 0;
    for (size_t at = 0; at < length;) {
        size_t written = 0;
        size_t used = read_escape(text + at, length - at, text + out, &written);
        if (used != 0) {
            *changed = true;
            at += used;
            out += written;
            continue;
        }
        bool is_space = plus_is_space && text[at] == '+';
        *changed = *changed || is_space;
        text[out++] = is_space ? ' ' : text[at];
        at++;
    }
    MUST(out <= length);
    return out;
}

static bool is_more(const char *text, size_t length, size_t at)
{
    return at < length && ((unsigned char)text[at] & 0xC0) == 0x80;
}

/* The bytes of the sequence at the front and its code point, overlong ones too; 0 for none. */
static size_t read_sequence(const char *text, size_t length, uint32_t *point)
{
    unsigned char first = (unsigned char)text[0];
    size_t bytes = first >= 0xF0 && first < 0xF8 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 0;
    if (bytes == 0 || first >= 0xF8) {
        return 0;
    }
    *point = first & (0xFFu >> (bytes + 1));
    for (size_t i = 1; i < bytes; i++) {
        if (!is_more(text, length, i)) {
            return 0;
        }
        *point = *point << 6 | ((unsigned char)text[i] & 0x3F);
    }
    return bytes;
}

/* What a lenient reader makes of a character: '<' of U+FF1C, '/' of U+2215, a space of U+00A0. */
static uint32_t narrow(uint32_t point)
{
    if (point == 0x2215 || point == 0x2044) {
        return '/';
    }
    if (point == 0x2216 || point == 0x29F5) {
        return '\\';
    }
    if (point >= 0xFF01 && point <= 0xFF5E) {
        return point - 0xFF01 + '!';
    }
    return point == 0xA0 || point == 0x3000 ? ' ' : point;
}

size_t unescape_narrow(char *text, size_t length, bool *changed)
{
    size_t out = 0;
    for (size_t at = 0; at < length;) {
        uint32_t point = 0;
        char bytes[4] = {0};
        size_t used =
            (unsigned char)text[at] < 0x80 ? 0 : read_sequence(text + at, length - at, &point);
        if (used == 0) {
            text[out++] = text[at++];
            continue;
        }
        size_t written = entity_write(narrow(point), bytes);
        MUST(written <= used);
        *changed = *changed || written != used;
        for (size_t i = 0; i < written; i++) {
            text[out++] = bytes[i];
        }
        at += used;
    }
    MUST(out <= length);
    return out;
}

void unescape_repair(char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        uint32_t point = 0;
        size_t used = 1;
        if ((unsigned char)text[at] >= 0x80) {
            used = read_sequence(text + at, length - at, &point);
            if (used == 0) {
                text[at] = '?';
                used = 1;
            }
        }
        at += used;
    }
}

bool unescape_may_change(const char *text, size_t length, bool plus_is_space)
{
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (c == '%' || c == '&' || c == '\\' || (unsigned char)c >= 0x80 ||
            (plus_is_space && c == '+')) {
            return true;
        }
    }
    return false;
}
