/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/encode.h"
#include "ingest/base/must.h"
#include "rules/fold.h"

/* The code point at the start of `text`; a byte that begins none stands for itself. */
static uint32_t point_of(struct slice text, size_t size)
{
    const unsigned char *b = (const unsigned char *)text.at;
    static const unsigned char masks[] = {0, 0xff, 0x1f, 0x0f, 0x07};
    uint32_t point = b[0] & masks[size];
    for (size_t i = 1; i < size; i++) {
        point = point << 6 | (b[i] & 0x3f);
    }
    return point;
}

static void put_unit(char *out, uint32_t unit, bool is_big)
{
    out[is_big ? 0 : 1] = (char)(unit >> 8 & 0xff);
    out[is_big ? 1 : 0] = (char)(unit & 0xff);
}

static struct slice widen(struct arena *arena, struct slice text, bool is_big)
{
    char *out = arena_bytes(arena, text.len * 2 + 1); /* four bytes of UTF-8 are four of UTF-16 */
    size_t used = 0;
    for (size_t i = 0; out != NULL && i < text.len;) {
        struct slice rest = slice_from(text, i);
        size_t size = fold_point_bytes(rest);
        uint32_t point = point_of(rest, size);
        if (point >= 0x10000) {
            put_unit(out + used, 0xd800 + ((point - 0x10000) >> 10), is_big);
            used += 2;
            point = 0xdc00 + ((point - 0x10000) & 0x3ff);
        }
        put_unit(out + used, point, is_big);
        used += 2;
        i += size;
    }
    return slice_of(out, used);
}

/* The pattern with each of its texts widened. */
static struct pattern widen_all(struct arena *arena, struct pattern pattern, bool is_big)
{
    struct pattern wide = {ARENA_ARRAY(arena, pattern.count + 1u, struct part), pattern.count};
    for (uint32_t i = 0; wide.parts != NULL && i < pattern.count; i++) {
        wide.parts[i] =
            (struct part){pattern.parts[i].kind, widen(arena, pattern.parts[i].text, is_big)};
    }
    return wide.parts != NULL ? wide : (struct pattern){0};
}

bool encode_wide_le(struct arena *arena, struct pattern pattern, struct pattern *out,
                    uint32_t *count)
{
    out[0] = widen_all(arena, pattern, false);
    *count = 1;
    return true;
}

bool encode_wide_be(struct arena *arena, struct pattern pattern, struct pattern *out,
                    uint32_t *count)
{
    out[0] = widen_all(arena, pattern, true);
    *count = 1;
    return true;
}

bool encode_wide_bom(struct arena *arena, struct pattern pattern, struct pattern *out,
                     uint32_t *count)
{
    static const struct slice marks[] = {SLICE_INIT("\xff\xfe"), SLICE_INIT("\xef\xbb\xbf")};
    struct slice text;
    if (!pattern_is_literal(pattern, &text)) {
        return false;
    }
    for (uint32_t i = 0; i < 2; i++) {
        const struct slice both[] = {marks[i], widen(arena, text, false)};
        out[i] = pattern_literal(arena, arena_concat(arena, both, 2));
    }
    *count = 2;
    return true;
}

/* Standard base64 of `skip` zero bytes and then `text`, padded. */
static struct slice base64(struct arena *arena, struct slice text, size_t skip)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t bytes = text.len + skip;
    char *out = arena_bytes(arena, (bytes + 2) / 3 * 4 + 1);
    size_t used = 0;
    for (size_t i = 0; out != NULL && i < bytes; i += 3) {
        uint32_t group = 0;
        for (size_t j = i; j < i + 3; j++) {
            bool is_text = j >= skip && j < bytes;
            group = group << 8 | (is_text ? (unsigned char)text.at[j - skip] : 0);
        }
        for (size_t j = 0; j < 4; j++) {
            bool is_pad = i + j > bytes;
            out[used++] = is_pad ? '=' : digits[group >> (18 - 6 * j) & 0x3f];
        }
    }
    return slice_of(out, used);
}

bool encode_base64(struct arena *arena, struct pattern pattern, struct pattern *out,
                   uint32_t *count)
{
    struct slice text;
    if (!pattern_is_literal(pattern, &text)) {
        return false;
    }
    out[0] = pattern_literal(arena, base64(arena, text, 0));
    *count = 1;
    return true;
}

bool encode_base64_offset(struct arena *arena, struct pattern pattern, struct pattern *out,
                          uint32_t *count)
{
    static const size_t cut_start[] = {0, 2, 3};
    static const size_t cut_end[] = {0, 3, 2};
    struct slice text;
    if (!pattern_is_literal(pattern, &text)) {
        return false;
    }
    *count = 0;
    for (size_t i = 0; i < 3; i++) {
        struct slice whole = base64(arena, text, i);
        size_t cut = cut_start[i] + cut_end[(text.len + i) % 3];
        if (whole.len > cut) { /* of very short texts nothing is left that is theirs alone */
            struct slice kept = slice_head(slice_from(whole, cut_start[i]), whole.len - cut);
            out[(*count)++] = pattern_literal(arena, kept);
        }
    }
    return *count != 0;
}

bool encode_windash(struct arena *arena, struct pattern pattern, struct pattern *out,
                    uint32_t *count)
{
    out[0] = pattern_windash(arena, pattern);
    *count = 1;
    return true;
}
