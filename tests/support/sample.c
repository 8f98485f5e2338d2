/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/support/sample.h"
#include "ingest/base/must.h"
#include "tests/support/place.h"
#include "tests/support/shared.h"
#include <libdeflate.h>
#include <stdint.h>

#define TAR_BLOCK 512u

/* A gzip file ends in its plain size. */
static struct slice unpack(struct arena *arena, struct slice packed)
{
    uint32_t size = 0;
    MUST(packed.len > 18);
    memcpy(&size, packed.at + packed.len - 4, 4);
    char *out = arena_bytes(arena, size + 1u);
    struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
    MUST(out != NULL && inflater != NULL);
    MUST(libdeflate_gzip_decompress(inflater, packed.at, packed.len, out, size, NULL) ==
         LIBDEFLATE_SUCCESS);
    libdeflate_free_decompressor(inflater);
    return slice_of(out, size);
}

bool sample_read(struct arena *arena, const char *path, struct slice *out)
{
    char full[SHARED_PATH_BYTES];
    if (!shared_find(path, full)) {
        return false;
    }
    struct slice bytes = place_read(arena, full);
    *out = slice_ends(slice_str(path), SLICE(".gz")) ? unpack(arena, bytes) : bytes;
    return true;
}

bool sample_line(struct slice *text, struct slice *line)
{
    if (text->len == 0) {
        return false;
    }
    size_t end = slice_find(*text, '\n');
    *line = slice_head(*text, end);
    *text = slice_from(*text, end + 1);
    return true;
}

/* The `path` record of a pax header, which stands for a name of over 100 bytes. */
static struct slice pax_path(struct slice records)
{
    size_t at = slice_search(records, SLICE(" path="));
    struct slice rest = slice_from(records, at + 6);
    return at == records.len ? slice_of(NULL, 0) : slice_head(rest, slice_find(rest, '\n'));
}

bool sample_tar_next(struct slice *tar, struct slice *name, struct slice *content)
{
    struct slice long_name = {NULL, 0};
    while (tar->len >= TAR_BLOCK && tar->at[0] != '\0') {
        const char *head = tar->at;
        size_t size = strtoul(head + 124, NULL, 8);
        char kind = head[156];
        *content = slice_head(slice_from(*tar, TAR_BLOCK), size);
        *tar = slice_from(*tar, TAR_BLOCK + (size + TAR_BLOCK - 1) / TAR_BLOCK * TAR_BLOCK);
        if (kind == 'x') {
            long_name = pax_path(*content);
        } else if (kind == '0' || kind == '\0') {
            *name = long_name.len != 0 ? long_name : slice_of(head, strnlen(head, 100));
            return true;
        }
    }
    return false;
}
