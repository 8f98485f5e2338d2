/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/symbol_wire.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"

_Static_assert(SYMBOL_PLACES_MAX <= UINT8_MAX, "a count of places is a byte");
_Static_assert(SYMBOL_TEXT_BYTES_MAX <= UINT16_MAX, "a length of text is two");

/* ---- writing ---- */

static void write_number(struct buffer *out, uint32_t number)
{
    buffer_add(out, slice_of((const char *)&number, sizeof(number)));
}

static void write_text(struct buffer *out, struct slice text)
{
    uint16_t length = (uint16_t)text.len;
    MUST(text.len <= SYMBOL_TEXT_BYTES_MAX);
    buffer_add(out, slice_of((const char *)&length, sizeof(length)));
    buffer_add(out, text);
}

static struct slice tail(struct slice text)
{
    size_t over = text.len > SYMBOL_TEXT_BYTES_MAX ? text.len - SYMBOL_TEXT_BYTES_MAX : 0;
    return over == 0 ? text : slice_from(text, over);
}

static void write_place(struct buffer *out, const struct symbol_place *place)
{
    write_number(out, place->line);
    write_number(out, place->column);
    write_text(out, slice_cut_utf8(place->function, SYMBOL_TEXT_BYTES_MAX));
    write_text(out, slice_cut_utf8(place->raw_function, SYMBOL_TEXT_BYTES_MAX));
    write_text(out, tail(place->file));
}

void symbol_write(struct buffer *out, const struct symbol *symbol)
{
    bool is_cut = symbol->count > SYMBOL_PLACES_MAX;
    uint32_t count = is_cut ? SYMBOL_PLACES_MAX : symbol->count;
    MUST(symbol->status < SYMBOL_STATUS_COUNT);
    MUST((symbol->status == SYMBOL_FOUND) == (count > 0));
    buffer_byte(out, (char)symbol->status);
    buffer_byte(out, (char)count);
    for (uint32_t i = 0; i < count; i++) {
        bool is_last = i + 1 == count;
        write_place(out, &symbol->places[is_last ? symbol->count - 1 : i]);
    }
}

/* ---- reading ---- */

static bool take(struct slice *in, void *out, size_t size)
{
    if (in->len < size) {
        return false;
    }
    memcpy(out, in->at, size);
    *in = slice_from(*in, size);
    return true;
}

static bool read_text(struct slice *in, struct slice *out)
{
    uint16_t length = 0;
    if (!take(in, &length, sizeof(length)) || length > SYMBOL_TEXT_BYTES_MAX || length > in->len) {
        return false;
    }
    *out = slice_head(*in, length);
    *in = slice_from(*in, length);
    return true;
}

static bool read_place(struct slice *in, struct symbol_place *out)
{
    return take(in, &out->line, sizeof(out->line)) && take(in, &out->column, sizeof(out->column)) &&
           read_text(in, &out->function) && read_text(in, &out->raw_function) &&
           read_text(in, &out->file);
}

/* Fills status and count. */
static bool read_head(struct slice *in, struct symbol *out)
{
    uint8_t head[2];
    if (!take(in, head, sizeof(head)) || head[0] >= SYMBOL_STATUS_COUNT ||
        head[1] > SYMBOL_PLACES_MAX || (head[0] == SYMBOL_FOUND) != (head[1] > 0)) {
        return false;
    }
    *out = (struct symbol){.status = (enum symbol_status)head[0], .count = head[1]};
    return true;
}

bool symbol_read(struct slice *in, struct arena *arena, struct symbol *out)
{
    if (!read_head(in, out)) {
        return false;
    }
    out->places = out->count > 0 ? ARENA_ARRAY(arena, out->count, struct symbol_place) : NULL;
    if (out->count > 0 && out->places == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < out->count; i++) {
        if (!read_place(in, &out->places[i])) {
            return false;
        }
    }
    return true;
}

struct slice symbol_skip(struct slice *in)
{
    struct slice start = *in;
    struct symbol symbol;
    struct symbol_place place;
    bool is_one = read_head(in, &symbol);
    for (uint32_t i = 0; is_one && i < symbol.count; i++) {
        is_one = read_place(in, &place);
    }
    return is_one ? slice_head(start, start.len - in->len) : slice_of(NULL, 0);
}
