/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/fold.h"
#include "ingest/base/must.h"
#include "rules/fold_table.h"

#define HIGH_BITS UINT64_C(0x8080808080808080)
#define ONES      UINT64_C(0x0101010101010101)

/* Eight ASCII bytes at once: adds 0x20 to those in A..Z. */
static uint64_t lower_ascii(uint64_t bytes)
{
    uint64_t above = bytes + (0x80 - 'A') * ONES;
    uint64_t beyond = bytes + (0x80 - 'Z' - 1) * ONES;
    return bytes + (((above & ~beyond & HIGH_BITS) >> 7) * 0x20);
}

/* Sixteen bytes, worked on at once on every machine that can. */
typedef unsigned char block __attribute__((vector_size(16)));

/* False, with nothing written: not all are ASCII. */
static bool fold_block(const char *text, char *out)
{
    block bytes;
    uint64_t halves[2];
    memcpy(halves, text, sizeof(halves));
    if (((halves[0] | halves[1]) & HIGH_BITS) != 0) {
        return false;
    }
    memcpy(&bytes, text, sizeof(bytes));
    bytes += (block)(bytes - 'A' < (block){0} + 26) & 0x20;
    memcpy(out, &bytes, sizeof(bytes));
    return true;
}

/* Folds the ASCII at the start of `text` into `out`; gives its length, all of it or up to a byte
 * that is not ASCII. */
static size_t fold_ascii(struct slice text, char *out)
{
    size_t i = 0;
    while (i + 16 <= text.len && fold_block(text.at + i, out + i)) {
        i += 16;
    }
    for (; i + 8 <= text.len; i += 8) {
        uint64_t bytes;
        memcpy(&bytes, text.at + i, sizeof(bytes));
        if ((bytes & HIGH_BITS) != 0) {
            break;
        }
        bytes = lower_ascii(bytes);
        memcpy(out + i, &bytes, sizeof(bytes));
    }
    for (; i < text.len && (unsigned char)text.at[i] < 0x80; i++) {
        char c = text.at[i];
        out[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    return i;
}

size_t fold_point_bytes(struct slice text)
{
    MUST(text.len != 0);
    unsigned char lead = (unsigned char)text.at[0];
    size_t size = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
    if (size > text.len) {
        return 1;
    }
    for (size_t i = 1; i < size; i++) {
        if (((unsigned char)text.at[i] & 0xc0) != 0x80) {
            return 1;
        }
    }
    return size;
}

uint32_t fold_point(uint32_t point)
{
    if (point < 0x80) {
        return point >= 'A' && point <= 'Z' ? point | 0x20 : point;
    }
    size_t low = 0;
    size_t high = fold_range_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (fold_ranges[middle].last < point) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == fold_range_count || point < fold_ranges[low].first) {
        return point;
    }
    const struct fold_range *range = &fold_ranges[low];
    bool is_in = (point - range->first) % range->step == 0;
    return is_in ? (uint32_t)((int64_t)point + range->delta) : point;
}

static uint32_t decode(const char *at, size_t size)
{
    const unsigned char *b = (const unsigned char *)at;
    switch (size) {
    case 2:
        return (uint32_t)(b[0] & 0x1f) << 6 | (b[1] & 0x3f);
    case 3:
        return (uint32_t)(b[0] & 0x0f) << 12 | (uint32_t)(b[1] & 0x3f) << 6 | (b[2] & 0x3f);
    case 4:
        return (uint32_t)(b[0] & 0x07) << 18 | (uint32_t)(b[1] & 0x3f) << 12 |
               (uint32_t)(b[2] & 0x3f) << 6 | (b[3] & 0x3f);
    default:
        NEVER("a sequence has 2 to 4 bytes");
    }
}

static size_t encode(uint32_t point, char out[static 4])
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    size_t size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (point & 0x3f));
        point >>= 6;
    }
    out[0] = (char)(leads[size] | point);
    return size;
}

/* Folds the character at the start of `text` into `out`, gives the bytes written. */
static size_t fold_one(struct slice text, size_t *taken, char *out)
{
    size_t size = fold_point_bytes(text);
    *taken = size;
    if (size == 1) {
        out[0] = text.at[0];
        return 1;
    }
    uint32_t point = decode(text.at, size);
    uint32_t folded = fold_point(point);
    if (folded == point) { /* as it is, also where it is not well-formed */
        memcpy(out, text.at, size);
        return size;
    }
    return encode(folded, out);
}

size_t fold_into(struct slice text, char *out)
{
    MUST(out != NULL || text.len == 0);
    size_t done = 0;
    size_t used = 0;
    while (done < text.len) {
        struct slice rest = slice_from(text, done);
        if ((unsigned char)rest.at[0] < 0x80) {
            size_t ascii = fold_ascii(rest, out + used);
            done += ascii;
            used += ascii;
            continue;
        }
        size_t taken = 0;
        used += fold_one(rest, &taken, out + used);
        done += taken;
    }
    return used;
}

struct slice fold_text(struct arena *arena, struct slice text)
{
    if (text.len == 0) {
        return text;
    }
    char *out = arena_bytes(arena, text.len);
    size_t done = out != NULL ? fold_ascii(text, out) : 0;
    if (out == NULL || done == text.len) {
        return slice_of(out, done);
    }
    char *wide = arena_bytes(arena, done + (text.len - done) * FOLD_GROWTH_MAX);
    if (wide == NULL) {
        return slice_of(NULL, 0);
    }
    memcpy(wide, out, done);
    return slice_of(wide, done + fold_into(slice_from(text, done), wide + done));
}
