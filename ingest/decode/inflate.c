/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/inflate.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include "ingest/decode/blocks.h"
#include <brotli/decode.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

struct inflate_scratch {
    struct libdeflate_decompressor *deflate;
    ZSTD_DCtx *zstd;
    struct blocks brotli;
    size_t plain_bytes_max;
};

/* One body on its way: input read so far, output room at the arena's free end. */
struct work {
    struct inflate_scratch *scratch;
    struct slice in;
    char *out;
    size_t room;
    size_t made;
};

struct coding {
    struct slice name; /* lower case */
    struct fault (*open)(struct work *work);
};

static const char *const too_big = "body: inflates to more than allowed";

struct inflate_scratch *inflate_scratch_new(size_t plain_bytes_max)
{
    MUST(plain_bytes_max > 0);
    struct inflate_scratch *scratch = calloc(1, sizeof(*scratch));
    if (scratch == NULL) {
        return NULL;
    }
    scratch->plain_bytes_max = plain_bytes_max;
    scratch->deflate = libdeflate_alloc_decompressor();
    scratch->zstd = ZSTD_createDCtx();
    if (!blocks_init(&scratch->brotli, BROTLI_MEMORY_BYTES) || scratch->deflate == NULL ||
        scratch->zstd == NULL) {
        inflate_scratch_free(scratch);
        return NULL;
    }
    return scratch;
}

void inflate_scratch_free(struct inflate_scratch *scratch)
{
    if (scratch == NULL) {
        return;
    }
    libdeflate_free_decompressor(scratch->deflate);
    ZSTD_freeDCtx(scratch->zstd);
    blocks_done(&scratch->brotli);
    free(scratch);
}

static bool is_gzip(struct slice bytes)
{
    return slice_starts(bytes, SLICE("\x1f\x8b"));
}

/* gzip ends with zeros where it was written to blocks of fixed size (RFC 1952 tools allow it). */
static bool is_padding(struct slice rest)
{
    for (size_t i = 0; i < rest.len; i++) {
        if (rest.at[i] != '\0') {
            return false;
        }
    }
    return true;
}

static struct fault open_gzip(struct work *w)
{
    size_t at = 0;
    do {
        size_t used = 0;
        size_t made = 0;
        enum libdeflate_result result =
            libdeflate_gzip_decompress_ex(w->scratch->deflate, w->in.at + at, w->in.len - at,
                                          w->out + w->made, w->room - w->made, &used, &made);
        if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
            return fault_at(FAULT_TOO_BIG, too_big, at);
        }
        if (result != LIBDEFLATE_SUCCESS) {
            return fault_at(FAULT_MALFORMED, "gzip: damaged or cut short", at);
        }
        MUST(used != 0 && made <= w->room - w->made);
        at += used;
        w->made += made;
    } while (is_gzip(slice_from(w->in, at)));
    if (!is_padding(slice_from(w->in, at))) {
        return fault_at(FAULT_MALFORMED, "gzip: something follows the end", at);
    }
    return FAULT_OK;
}

/* RFC 1950: method 8, a window of at most 32 KiB, and a check that makes both bytes fit 31. */
static bool is_zlib(struct slice bytes)
{
    if (bytes.len < 2) {
        return false;
    }
    unsigned first = (unsigned char)bytes.at[0];
    unsigned second = (unsigned char)bytes.at[1];
    return (first & 15u) == 8 && first >> 4 <= 7 && (first * 256 + second) % 31 == 0;
}

static struct fault open_zlib(struct work *w)
{
    enum libdeflate_result result = libdeflate_zlib_decompress(
        w->scratch->deflate, w->in.at, w->in.len, w->out, w->room, &w->made);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
        return fault_at(FAULT_TOO_BIG, too_big, 0);
    }
    if (result != LIBDEFLATE_SUCCESS) {
        return fault_at(FAULT_MALFORMED, "zlib: damaged or cut short", 0);
    }
    MUST(w->made <= w->room);
    return FAULT_OK;
}

static struct fault open_deflate(struct work *w)
{
    if (is_zlib(w->in)) {
        return open_zlib(w);
    }
    enum libdeflate_result result = libdeflate_deflate_decompress(
        w->scratch->deflate, w->in.at, w->in.len, w->out, w->room, &w->made);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
        return fault_at(FAULT_TOO_BIG, too_big, 0);
    }
    if (result != LIBDEFLATE_SUCCESS) {
        return fault_at(FAULT_MALFORMED, "deflate: damaged or cut short", 0);
    }
    return FAULT_OK;
}

static void *brotli_take(void *blocks, size_t size)
{
    return blocks_take(blocks, size);
}

static void brotli_give(void *blocks, void *block)
{
    blocks_give(blocks, block);
}

static struct fault brotli_fault(BrotliDecoderResult result, size_t read)
{
    switch (result) {
    case BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT:
        return fault_at(FAULT_TOO_BIG, too_big, read);
    case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT:
        return fault_at(FAULT_MALFORMED, "br: cut short", read);
    case BROTLI_DECODER_RESULT_ERROR:
        return fault_at(FAULT_MALFORMED, "br: damaged", read);
    case BROTLI_DECODER_RESULT_SUCCESS:
        break;
    }
    return FAULT_OK;
}

static struct fault open_brotli(struct work *w)
{
    blocks_reset(&w->scratch->brotli);
    BrotliDecoderState *state =
        BrotliDecoderCreateInstance(brotli_take, brotli_give, &w->scratch->brotli);
    if (state == NULL) {
        return fault_make(FAULT_TOO_BIG, "br: no memory left");
    }
    size_t left = w->in.len;
    const uint8_t *in = (const uint8_t *)w->in.at;
    size_t room = w->room;
    uint8_t *out = (uint8_t *)w->out;
    BrotliDecoderResult result =
        BrotliDecoderDecompressStream(state, &left, &in, &room, &out, &w->made);
    struct fault fault = brotli_fault(result, w->in.len - left);
    BrotliDecoderDestroyInstance(state);
    MUST(w->made <= w->room);
    if (!fault_is(fault) && left != 0) {
        return fault_at(FAULT_MALFORMED, "br: something follows the end", w->in.len - left);
    }
    return fault;
}

/* The frames of RFC 8878, and no older ones, which libzstd may know too. */
static bool is_zstd_frame(struct slice bytes)
{
    return slice_starts(bytes, SLICE("\x28\xb5\x2f\xfd")) ||
           (bytes.len >= 4 && ((unsigned char)bytes.at[0] & 0xF0u) == 0x50 &&
            memcmp(bytes.at + 1, "\x2a\x4d\x18", 3) == 0);
}

static struct fault zstd_fault(size_t result, size_t at)
{
    ZSTD_ErrorCode code = ZSTD_getErrorCode(result);
    if (code == ZSTD_error_dstSize_tooSmall) {
        return fault_at(FAULT_TOO_BIG, too_big, at);
    }
    if (code == ZSTD_error_srcSize_wrong) {
        return fault_at(FAULT_MALFORMED, "zstd: cut short", at);
    }
    return fault_at(FAULT_MALFORMED, "zstd: damaged", at);
}

/* Frame by frame into the output: so libzstd needs no window of its own, whose size the sender
 * would choose. */
static struct fault open_zstd(struct work *w)
{
    for (size_t at = 0; at < w->in.len || at == 0;) {
        struct slice rest = slice_from(w->in, at);
        if (!is_zstd_frame(rest)) {
            return fault_at(FAULT_MALFORMED, "zstd: no frame here", at);
        }
        size_t frame = ZSTD_findFrameCompressedSize(rest.at, rest.len);
        if (ZSTD_isError(frame)) {
            return zstd_fault(frame, at);
        }
        MUST(frame != 0 && frame <= rest.len);
        size_t made = ZSTD_decompressDCtx(w->scratch->zstd, w->out + w->made, w->room - w->made,
                                          rest.at, frame);
        if (ZSTD_isError(made)) {
            return zstd_fault(made, at);
        }
        at += frame;
        w->made += made;
    }
    return FAULT_OK;
}

static const struct coding codings[] = {
    {SLICE_INIT("gzip"), open_gzip},       {SLICE_INIT("x-gzip"), open_gzip},
    {SLICE_INIT("deflate"), open_deflate}, {SLICE_INIT("br"), open_brotli},
    {SLICE_INIT("zstd"), open_zstd},
};

static const struct coding *find_coding(struct slice name)
{
    for (size_t i = 0; i < sizeof(codings) / sizeof(codings[0]); i++) {
        if (slice_eq_nocase(name, codings[i].name)) {
            return &codings[i];
        }
    }
    return NULL;
}

/* The codings that a header's list names, leaving out words that change nothing; the last one to
 * `*out`, NULL when there is none. */
static uint32_t read_codings(struct slice list, const struct coding **out)
{
    uint32_t count = 0;
    *out = NULL;
    while (list.len != 0) {
        struct slice name = slice_head(list, slice_find(list, ','));
        const struct coding *coding = find_coding(slice_trim(name));
        list = slice_from(list, name.len + 1);
        if (coding != NULL) {
            *out = coding;
            count++;
        }
    }
    return count;
}

static struct fault open_with(struct work *w, struct arena *arena, const struct coding *coding,
                              struct slice *plain)
{
    w->out = arena_rest(arena, &w->room);
    if (w->room > w->scratch->plain_bytes_max) {
        w->room = w->scratch->plain_bytes_max;
    }
    struct fault fault = coding->open(w);
    if (fault_is(fault)) {
        arena_rest_spoiled(arena, w->room);
        return fault;
    }
    MUST(w->made <= w->room);
    char *taken = arena_bytes(arena, w->made);
    MUST(taken == w->out);
    *plain = slice_of(taken, w->made);
    return FAULT_OK;
}

struct fault inflate_body(struct inflate_scratch *scratch, struct arena *arena,
                          struct slice content_encoding, struct slice body, struct slice *plain)
{
    MUST(scratch != NULL && arena != NULL && plain != NULL);
    const struct coding *coding = NULL;
    if (read_codings(content_encoding, &coding) > 1) {
        return fault_make(FAULT_UNSUPPORTED, "body: more than one Content-Encoding");
    }
    if (coding != NULL) {
        struct work work = {.scratch = scratch, .in = body};
        return open_with(&work, arena, coding, plain);
    }
    if (body.len > scratch->plain_bytes_max) {
        return fault_at(FAULT_TOO_BIG, "body: larger than allowed", scratch->plain_bytes_max);
    }
    *plain = body;
    return FAULT_OK;
}

struct fault inflate_zlib(struct inflate_scratch *scratch, struct arena *arena, struct slice bytes,
                          struct slice *plain)
{
    static const struct coding zlib = {SLICE_INIT("zlib"), open_zlib};
    struct work work = {.scratch = scratch, .in = bytes};
    return open_with(&work, arena, &zlib, plain);
}
