/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/must.h"
#include "ingest/event/images.h"
#include "ingest/fingerprint/ways.h"
#include <inttypes.h>

static struct slice basename_of(struct slice path)
{
    size_t start = path.len;
    while (start > 0 && path.at[start - 1] != '/' && path.at[start - 1] != '\\') {
        start--;
    }
    return slice_from(path, start);
}

static const struct images *images_of(struct parts *parts, const struct event *event)
{
    if (!parts->has_read_images) {
        parts->images = images_read(parts->arena, event->debug_meta);
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
        const struct image *image = images_at(images_of(parts, event), frame->instruction_addr);
        base = base == 0 && image != NULL ? image->base : base;
        if (file.len == 0 && image != NULL) {
            file = basename_of(value_text_at(image->raw, "code_file"));
        }
    }
    if (base == 0 || base > frame->instruction_addr) {
        return slice_of(NULL, 0);
    }
    uint64_t offset = frame->instruction_addr - base;
    MUST(offset < frame->instruction_addr);
    return arena_printf(parts->arena, "%.*s+0x%" PRIx64, SLICE_ARG(file), offset);
}
