/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/event/images.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <stdlib.h>

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

static int by_base(const void *a, const void *b)
{
    const struct image *one = a;
    const struct image *other = b;
    return one->base < other->base ? -1 : one->base > other->base;
}

const struct images *images_read(struct arena *arena, const struct value *debug_meta)
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
                              .raw = at};
        if (image.base != 0 && image.size != 0) {
            images->list[images->count++] = image;
        }
    }
    if (images != NULL) {
        qsort(images->list, images->count, sizeof(struct image), by_base);
    }
    return images;
}

const struct image *images_at(const struct images *images, uint64_t address)
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
