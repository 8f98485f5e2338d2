/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/inflate.h"
#include <criterion/criterion.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <zstd.h>

#define PLAIN_MAX 4096u

static struct arena arena;
static struct inflate_scratch *scratch;

static void start(void)
{
    scratch = inflate_scratch_new(PLAIN_MAX);
    cr_assert(scratch != NULL && arena_init(&arena, 1u << 20));
}

static void stop(void)
{
    inflate_scratch_free(scratch);
    arena_done(&arena);
}

TestSuite(inflate, .init = start, .fini = stop);

/* "hello hello hello hello\n" by the tools themselves. */
#define HELLO "hello hello hello hello\n"
static const struct slice gzipped =
    SLICE_INIT("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x57\xc8\x40\x27\xb9"
               "\x00\x00\x88\x59\x0b\x18\x00\x00\x00");
static const struct slice brotlied =
    SLICE_INIT("\x1b\x17\x00\xf8\x8d\x94\x6e\xde\x44\x55\x86\xd6\x0a\x20\x6c\x6f\x4a\x11\x79\xe2"
               "\x80\xae\x16");

enum wrapper { GZIP, ZLIB, RAW };

static struct slice pack(struct slice plain, enum wrapper wrapper)
{
    static char packed[1u << 17];
    struct libdeflate_compressor *packer = libdeflate_alloc_compressor(6);
    size_t size =
        wrapper == GZIP
            ? libdeflate_gzip_compress(packer, plain.at, plain.len, packed, sizeof(packed))
        : wrapper == ZLIB
            ? libdeflate_zlib_compress(packer, plain.at, plain.len, packed, sizeof(packed))
            : libdeflate_deflate_compress(packer, plain.at, plain.len, packed, sizeof(packed));
    libdeflate_free_compressor(packer);
    cr_assert_neq(size, 0);
    return slice_of(packed, size);
}

static struct slice pack_zstd(struct slice plain)
{
    static char packed[1u << 17];
    size_t size = ZSTD_compress(packed, sizeof(packed), plain.at, plain.len, 3);
    cr_assert_not(ZSTD_isError(size));
    return slice_of(packed, size);
}

static void expect_plain(struct slice coding, struct slice body, struct slice expected)
{
    struct slice plain;
    struct fault fault = inflate_body(scratch, &arena, coding, body, &plain);
    cr_assert_not(fault_is(fault), "%s: %s", coding.at, fault.reason);
    cr_expect(slice_eq(plain, expected), "%s", coding.at);
}

static void expect_fault(struct slice coding, struct slice body, enum fault_kind kind)
{
    struct slice plain = SLICE("untouched");
    size_t used = arena.used;
    struct fault fault = inflate_body(scratch, &arena, coding, body, &plain);
    cr_expect_eq(fault.kind, kind, "%s: %s", coding.at, fault.reason);
    cr_expect(slice_eq(plain, SLICE("untouched")), "%s", coding.at);
    cr_expect_eq(arena.used, used);
}

Test(inflate, opens_every_coding)
{
    expect_plain(SLICE("gzip"), pack(SLICE(HELLO), GZIP), SLICE(HELLO));
    expect_plain(SLICE("x-gzip"), pack(SLICE(HELLO), GZIP), SLICE(HELLO));
    expect_plain(SLICE(" GZip "), pack(SLICE(HELLO), GZIP), SLICE(HELLO));
    expect_plain(SLICE("deflate"), pack(SLICE(HELLO), ZLIB), SLICE(HELLO));
    expect_plain(SLICE("deflate"), pack(SLICE(HELLO), RAW), SLICE(HELLO));
    expect_plain(SLICE("zstd"), pack_zstd(SLICE(HELLO)), SLICE(HELLO));
    expect_plain(SLICE("br"), brotlied, SLICE(HELLO));
    expect_plain(SLICE("gzip"), gzipped, SLICE(HELLO));
}

Test(inflate, does_not_copy_what_is_not_coded)
{
    static const struct slice names[] = {SLICE_INIT(""), SLICE_INIT("identity"), SLICE_INIT(" , "),
                                         SLICE_INIT("aws-chunked"), SLICE_INIT("gzippy")};
    struct slice body = SLICE("{}");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct slice plain;
        cr_assert_not(fault_is(inflate_body(scratch, &arena, names[i], body, &plain)));
        cr_expect_eq(plain.at, body.at, "%s", names[i].at);
    }
    cr_expect_eq(arena.used, 0);
}

Test(inflate, refuses_codings_on_codings)
{
    expect_fault(SLICE("gzip, br"), gzipped, FAULT_UNSUPPORTED);
    expect_fault(SLICE("gzip,gzip"), gzipped, FAULT_UNSUPPORTED);
    expect_plain(SLICE("identity, gzip"), gzipped, SLICE(HELLO));
}

Test(inflate, opens_empty_bodies_of_every_coding)
{
    expect_plain(SLICE("gzip"), pack(SLICE(""), GZIP), SLICE(""));
    expect_plain(SLICE("deflate"), pack(SLICE(""), ZLIB), SLICE(""));
    expect_plain(SLICE("zstd"), pack_zstd(SLICE("")), SLICE(""));
    expect_plain(SLICE("br"), SLICE("\x06"), SLICE(""));
}

Test(inflate, nothing_is_no_coding)
{
    static const struct slice names[] = {SLICE_INIT("gzip"), SLICE_INIT("deflate"),
                                         SLICE_INIT("br"), SLICE_INIT("zstd")};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        expect_fault(names[i], SLICE(""), FAULT_MALFORMED);
        expect_fault(names[i], SLICE("\xff\xff{\"a\":1}"), FAULT_MALFORMED);
    }
}

/* Every proper prefix of a good body is malformed: none may pass for a shorter one. */
Test(inflate, every_body_cut_short_is_malformed)
{
    const struct {
        struct slice coding;
        struct slice body;
    } cases[] = {
        {SLICE("gzip"), gzipped},
        {SLICE("br"), brotlied},
        {SLICE("zstd"), pack_zstd(SLICE(HELLO))},
        {SLICE("deflate"), pack(SLICE(HELLO), ZLIB)},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (size_t length = 0; length < cases[i].body.len; length++) {
            expect_fault(cases[i].coding, slice_head(cases[i].body, length), FAULT_MALFORMED);
        }
    }
}

Test(inflate, tells_where_the_bytes_end_too_early)
{
    struct slice plain;
    struct fault fault =
        inflate_body(scratch, &arena, SLICE("br"), slice_head(brotlied, 9), &plain);
    cr_expect_str_eq(fault.reason, "br: cut short");
    cr_expect_eq(fault.offset, 9);
    fault = inflate_body(scratch, &arena, SLICE("zstd"), slice_head(pack_zstd(SLICE(HELLO)), 12),
                         &plain);
    cr_expect_str_eq(fault.reason, "zstd: cut short");
    fault = inflate_body(scratch, &arena, SLICE("gzip"), slice_head(gzipped, 20), &plain);
    cr_expect_str_eq(fault.reason, "gzip: damaged or cut short");
    cr_expect_eq(fault.offset, 0);
}

Test(inflate, opens_all_members_of_a_gzip_body_and_all_frames_of_zstd)
{
    struct slice two[] = {gzipped, gzipped, SLICE("\0\0\0")};
    struct slice frames[] = {pack_zstd(SLICE(HELLO)), SLICE("\x50\x2a\x4d\x18\x02\0\0\0ab"),
                             pack_zstd(SLICE(HELLO))};

    expect_plain(SLICE("gzip"), arena_concat(&arena, two, 2), SLICE(HELLO HELLO));
    expect_plain(SLICE("gzip"), arena_concat(&arena, two, 3), SLICE(HELLO HELLO));
    expect_plain(SLICE("zstd"), arena_concat(&arena, frames, 3), SLICE(HELLO HELLO));
}

Test(inflate, refuses_what_follows_the_end)
{
    struct slice gzip_more[] = {gzipped, SLICE("{}")};
    struct slice brotli_more[] = {brotlied, SLICE("{}")};
    struct slice zstd_more[] = {pack_zstd(SLICE(HELLO)), SLICE("{}{}")};
    struct slice half[] = {gzipped, slice_head(gzipped, 12)};

    expect_fault(SLICE("gzip"), arena_concat(&arena, gzip_more, 2), FAULT_MALFORMED);
    expect_fault(SLICE("gzip"), arena_concat(&arena, half, 2), FAULT_MALFORMED);
    expect_fault(SLICE("br"), arena_concat(&arena, brotli_more, 2), FAULT_MALFORMED);
    expect_fault(SLICE("zstd"), arena_concat(&arena, zstd_more, 2), FAULT_MALFORMED);
}

Test(inflate, leaves_alone_the_zstd_of_before_the_standard)
{
    expect_fault(SLICE("zstd"), SLICE("\x27\xb5\x2f\xfd\x04\x00\x01\x00\x00"), FAULT_MALFORMED);
}

Test(inflate, is_too_big_past_the_arena)
{
    char room[16];
    struct arena tiny;
    struct slice plain;
    arena_over(&tiny, room, sizeof(room));
    struct fault fault = inflate_body(scratch, &tiny, SLICE("gzip"), gzipped, &plain);
    cr_expect_eq(fault.kind, FAULT_TOO_BIG);
    cr_expect_eq(tiny.used, 0);
}

Test(inflate, zlib_is_opened_without_a_header_that_says_so)
{
    struct slice plain;
    struct slice packed = pack(SLICE(HELLO), ZLIB);
    cr_assert_not(fault_is(inflate_zlib(scratch, &arena, packed, &plain)));
    cr_expect(slice_eq(plain, SLICE(HELLO)));
    cr_expect(fault_is(inflate_zlib(scratch, &arena, gzipped, &plain)));
}

Test(inflate, a_scratch_serves_one_body_after_the_other)
{
    for (int i = 0; i < 200; i++) {
        expect_fault(SLICE("br"), slice_head(brotlied, 5), FAULT_MALFORMED);
        expect_plain(SLICE("br"), brotlied, SLICE(HELLO));
        expect_fault(SLICE("gzip"), slice_head(gzipped, 20), FAULT_MALFORMED);
        expect_plain(SLICE("gzip"), gzipped, SLICE(HELLO));
        arena_reset(&arena);
    }
}

Test(inflate, no_scratch_is_freed_too)
{
    inflate_scratch_free(NULL);
}
