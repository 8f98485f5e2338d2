/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/fingerprint/ways.h"
#include <inttypes.h>
#include <stdlib.h>

/* A loaded file: addresses [base, base + size). */
struct image {
    uint64_t base;
    uint64_t size;
    struct slice file;
};

struct images {
    uint32_t count;
    struct image list[]; /* by base */
};

/* "0x7f…" or a number; 0 for what is neither. */
static uint64_t address_of(const struct value *value)
{
    struct slice text = value_text(value);
    char digits[24];
    if (text.len == 0 || text.len >= sizeof(digits)) {
        return 0;
    }
    memcpy(digits, text.at, text.len);
    digits[text.len] = '\0';
    return strtoull(digits, NULL, 0);
}

static struct slice basename_of(struct slice path)
{
    size_t start = path.len;
    while (start > 0 && path.at[start - 1] != '/' && path.at[start - 1] != '\\') {
        start--;
    }
    return slice_from(path, start);
}

static int by_base(const void *a, const void *b)
{
    const struct image *one = a;
    const struct image *other = b;
    return one->base < other->base ? -1 : one->base > other->base;
}

/* Reads them once for all frames; NULL when there are none, or no room. */
static const struct images *read_images(struct arena *arena, const struct value *debug_meta)
{
    const struct value *list = value_get(debug_meta, SLICE("images"));
    uint32_t room = list != NULL && list->count < IMAGES_MAX ? list->count : IMAGES_MAX;
    const struct value *at = value_first(list);
    if (at == NULL) {
        return NULL;
    }
    struct images *images = arena_alloc(arena, sizeof(*images) + room * sizeof(struct image));
    for (; at != NULL && images != NULL && images->count < room; at = at->next) {
        struct image image = {.base = address_of(value_get(at, SLICE("image_addr"))),
                              .size = address_of(value_get(at, SLICE("image_size"))),
                              .file = basename_of(value_text(value_get(at, SLICE("code_file"))))};
        if (image.base != 0 && image.size != 0) {
            images->list[images->count++] = image;
        }
    }
    if (images != NULL) {
        qsort(images->list, images->count, sizeof(struct image), by_base);
    }
    return images;
}

/* The file in which `address` lies; NULL when the sender listed none. */
static const struct image *image_at(const struct images *images, uint64_t address)
{
    uint32_t low = 0;
    uint32_t high = images != NULL ? images->count : 0;
    while (low < high) { /* the first whose base is past the address */
        uint32_t middle = low + (high - low) / 2;
        bool is_past = images->list[middle].base > address;
        low = is_past ? low : middle + 1;
        high = is_past ? middle : high;
    }
    if (low == 0) {
        return NULL;
    }
    const struct image *image = &images->list[low - 1];
    MUST(image->base <= address);
    return address - image->base < image->size ? image : NULL;
}

static const struct images *images_of(struct parts *parts, const struct event *event)
{
    if (!parts->has_read_images) {
        parts->images = read_images(parts->arena, event->debug_meta);
        parts->has_read_images = true;
    }
    return parts->images;
}

struct slice frame_place(struct parts *parts, const struct event *event, const struct frame *frame)
{
    uint64_t base = frame->image_addr;
    struct slice file = basename_of(frame->package);
    if (frame->instruction_addr == 0) {
        return slice_of(NULL, 0);
    }
    if (base == 0 || file.len == 0) {
        const struct image *image = image_at(images_of(parts, event), frame->instruction_addr);
        base = base == 0 && image != NULL ? image->base : base;
        file = file.len == 0 && image != NULL ? image->file : file;
    }
    if (base == 0 || base > frame->instruction_addr) {
        return slice_of(NULL, 0);
    }
    uint64_t offset = frame->instruction_addr - base;
    MUST(offset < frame->instruction_addr);
    return arena_printf(parts->arena, "%.*s+0x%" PRIx64, SLICE_ARG(file), offset);
}
