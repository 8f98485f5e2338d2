/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/fingerprint/ways.h"
#include <inttypes.h>
#include <stdlib.h>

/* "0x7f…" or a number; 0 for what is neither. */
static uint64_t address_of(const struct value *value)
{
    struct slice text = value_text(value);
    char digits[24];
    if (text.len == 0 || text.len >= sizeof(digits)) {
        return 0;
    }
    MUST(text.len < sizeof(digits));
    memcpy(digits, text.at, text.len);
    digits[text.len] = '\0';
    return strtoull(digits, NULL, 0);
}

/* The loaded file in which `address` lies; NULL when the sender listed none. */
static const struct value *image_at(const struct value *debug_meta, uint64_t address)
{
    const struct value *image = value_first(value_get(debug_meta, SLICE("images")));
    for (; image != NULL; image = image->next) {
        uint64_t base = address_of(value_get(image, SLICE("image_addr")));
        uint64_t size = address_of(value_get(image, SLICE("image_size")));
        if (base != 0 && address >= base && address - base < size) {
            return image;
        }
    }
    return NULL;
}

static struct slice basename_of(struct slice path)
{
    size_t start = path.len;
    while (start > 0 && path.at[start - 1] != '/' && path.at[start - 1] != '\\') {
        start--;
    }
    return slice_from(path, start);
}

struct slice frame_place(struct arena *arena, const struct event *event, const struct frame *frame)
{
    uint64_t base = frame->image_addr;
    struct slice file = basename_of(frame->package);
    if (frame->instruction_addr == 0) {
        return slice_of(NULL, 0);
    }
    if (base == 0 || file.len == 0) {
        const struct value *image = image_at(event->debug_meta, frame->instruction_addr);
        base = base != 0 ? base : address_of(value_get(image, SLICE("image_addr")));
        file = file.len != 0 ? file : basename_of(value_text(value_get(image, SLICE("code_file"))));
    }
    if (base == 0 || base > frame->instruction_addr) {
        return slice_of(NULL, 0);
    }
    MUST(frame->instruction_addr >= base);
    return arena_printf(arena, "%.*s+0x%" PRIx64, SLICE_ARG(file), frame->instruction_addr - base);
}
