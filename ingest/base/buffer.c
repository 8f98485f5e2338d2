/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/buffer.h"
#include "ingest/base/must.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_ROOM 1024u

void buffer_init(struct buffer *buffer, size_t max)
{
    *buffer = (struct buffer){.max = max};
}

void buffer_over(struct buffer *buffer, void *base, size_t size)
{
    MUST(base != NULL || size == 0);
    *buffer = (struct buffer){.at = base, .room = size, .max = size};
}

void buffer_done(struct buffer *buffer)
{
    MUST(buffer->len <= buffer->room);
    free(buffer->at);
    *buffer = (struct buffer){0};
}

void buffer_reset(struct buffer *buffer)
{
    MUST(buffer->len <= buffer->room);
    buffer->len = 0;
    buffer->overflowed = false;
}

static bool reserve(struct buffer *buffer, size_t more)
{
    MUST(buffer->len <= buffer->max);
    if (buffer->overflowed || more > buffer->max - buffer->len) {
        buffer->overflowed = true;
        return false;
    }
    size_t need = buffer->len + more;
    if (need <= buffer->room) {
        return true;
    }
    MUST(buffer->room < buffer->max); /* of buffer_over there is no more */
    size_t room = buffer->room != 0 ? buffer->room : FIRST_ROOM;
    while (room < need) {
        room *= 2;
    }
    MUST(need <= room && buffer->room < room);
    char *grown = realloc(buffer->at, room);
    if (grown == NULL) {
        buffer->overflowed = true;
        return false;
    }
    buffer->at = grown;
    buffer->room = room;
    return true;
}

void buffer_add(struct buffer *buffer, struct slice text)
{
    if (text.len != 0 && reserve(buffer, text.len)) {
        memcpy(buffer->at + buffer->len, text.at, text.len);
        buffer->len += text.len;
    }
}

void buffer_byte(struct buffer *buffer, char byte)
{
    buffer_add(buffer, slice_of(&byte, 1));
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    MUST(length >= 0);
    if (reserve(buffer, (size_t)length + 1)) { /* + 1: vsnprintf writes its NUL */
        vsnprintf(buffer->at + buffer->len, (size_t)length + 1, format, again);
        buffer->len += (size_t)length;
    }
    va_end(again);
    va_end(args);
}

struct slice buffer_slice(const struct buffer *buffer)
{
    MUST(buffer->len <= buffer->room);
    return slice_of(buffer->at, buffer->len);
}
