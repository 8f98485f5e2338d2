/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/envelope.h"
#include "ingest/decode/event_json.h"
#include "ingest/decode/inflate.h"
#include "tests/limits/ingest/decode/text.h"
#include <libdeflate.h>
#include <stdlib.h>
#include <zstd.h>

TestSuite(decode_limits, .init = text_start, .fini = text_stop);

static struct fault parse_envelope(struct envelope *out)
{
    return envelope_parse(&arena, buffer_slice(&text), out);
}

/* A header line of `bytes`: {"a":"xxx…"} */
static struct fault parse_header(const char *before, size_t bytes)
{
    struct envelope envelope;
    buffer_reset(&text);
    buffer_add(&text, slice_str(before));
    buffer_add(&text, SLICE("{\"type\":\"x\",\"a\":\""));
    add_many('x', bytes - 19);
    buffer_add(&text, SLICE("\"}\n"));
    return parse_envelope(&envelope);
}

Test(decode_limits, header_lines_are_as_long_as_allowed)
{
    cr_expect_not(fault_is(parse_header("", ENVELOPE_HEADER_BYTES_MAX)));
    cr_expect_not(fault_is(parse_header("{}\n", ENVELOPE_HEADER_BYTES_MAX)));
}

Test(decode_limits, header_lines_one_longer_are_too_big)
{
    struct fault fault = parse_header("", ENVELOPE_HEADER_BYTES_MAX + 1);
    cr_expect_eq(fault.kind, FAULT_TOO_BIG);
    cr_expect_str_eq(fault.reason, "envelope: header is longer than allowed");
    fault = parse_header("{}\n", ENVELOPE_HEADER_BYTES_MAX + 1);
    cr_expect_eq(fault.kind, FAULT_TOO_BIG);
    cr_expect_str_eq(fault.reason, "envelope: item header is longer than allowed");
    cr_expect_eq(fault.offset, 3);
}

static struct fault parse_items(unsigned count, struct envelope *out)
{
    buffer_reset(&text);
    buffer_add(&text, SLICE("{}\n"));
    for (unsigned i = 0; i < count; i++) {
        buffer_add(&text, SLICE("{\"type\":\"session\"}\n1\n"));
    }
    return parse_envelope(out);
}

Test(decode_limits, envelopes_hold_as_many_items_as_allowed)
{
    struct envelope envelope;
    cr_assert_not(fault_is(parse_items(ENVELOPE_ITEMS_MAX, &envelope)));
    cr_expect_eq(envelope.count, ENVELOPE_ITEMS_MAX);
    cr_expect_eq(envelope.items[ENVELOPE_ITEMS_MAX - 1].kind, ITEM_SESSION);
}

Test(decode_limits, envelopes_with_one_item_more_are_too_big)
{
    struct envelope envelope;
    struct fault fault = parse_items(ENVELOPE_ITEMS_MAX + 1, &envelope);
    cr_expect_eq(fault.kind, FAULT_TOO_BIG);
    cr_expect_str_eq(fault.reason, "envelope: more items than allowed");
}

static struct fault parse_payload(const char *type, size_t bytes)
{
    struct envelope envelope;
    buffer_reset(&text);
    buffer_printf(&text, "{}\n{\"type\":\"%s\"}\n", type);
    add_many('x', bytes);
    return parse_envelope(&envelope);
}

Test(decode_limits, events_are_as_large_as_allowed_and_attachments_larger)
{
    cr_expect_not(fault_is(parse_payload("event", EVENT_BYTES_MAX)));
    cr_expect_not(fault_is(parse_payload("attachment", EVENT_BYTES_MAX + 1)));
}

Test(decode_limits, events_one_byte_larger_are_too_big)
{
    cr_expect_eq(parse_payload("event", EVENT_BYTES_MAX + 1).kind, FAULT_TOO_BIG);
    cr_expect_eq(parse_payload("transaction", EVENT_BYTES_MAX + 1).kind, FAULT_TOO_BIG);
}

/* So many letters a, packed with each coding; brotli's two were made by its own tool. */
static void expect_inflates(struct inflate_scratch *scratch, size_t bytes, enum fault_kind kind)
{
    static char packed[4][8192];
    static const struct slice names[] = {SLICE_INIT("gzip"), SLICE_INIT("deflate"),
                                         SLICE_INIT("zstd"), SLICE_INIT("identity")};
    struct slice bodies[4];
    struct libdeflate_compressor *packer = libdeflate_alloc_compressor(6);
    buffer_reset(&text);
    add_many('a', bytes);
    struct slice plain = buffer_slice(&text);
    bodies[0] = slice_of(packed[0], libdeflate_gzip_compress(packer, plain.at, plain.len, packed[0],
                                                             sizeof(packed[0])));
    bodies[1] = slice_of(packed[1], libdeflate_deflate_compress(packer, plain.at, plain.len,
                                                                packed[1], sizeof(packed[1])));
    bodies[2] =
        slice_of(packed[2], ZSTD_compress(packed[2], sizeof(packed[2]), plain.at, plain.len, 1));
    bodies[3] = plain;
    libdeflate_free_compressor(packer);
    for (size_t i = 0; i < 4; i++) {
        struct slice out = {0};
        arena_reset(&arena);
        struct fault fault = inflate_body(scratch, &arena, names[i], bodies[i], &out);
        cr_expect_eq(fault.kind, kind, "%s: %s", names[i].at, fault.reason);
        cr_expect_eq(out.len, kind == FAULT_NONE ? bytes : 0, "%s", names[i].at);
    }
}

Test(decode_limits, bodies_inflate_to_the_cap_and_not_one_byte_past_it)
{
    static const struct slice at_limit =
        SLICE_INIT("\x1b\xff\x0f\xf8\x25\xc2\xe2\xb1\x40\x20\xf7\x00\x00");
    static const struct slice past_it =
        SLICE_INIT("\x1b\x00\x10\xf8\x25\xc2\xe2\xb1\x40\x40\xf7\x00\x00");
    struct inflate_scratch *scratch = inflate_scratch_new(4096);
    struct slice plain;

    expect_inflates(scratch, 4096, FAULT_NONE);
    expect_inflates(scratch, 4097, FAULT_TOO_BIG);
    cr_expect_not(fault_is(inflate_body(scratch, &arena, SLICE("br"), at_limit, &plain)));
    cr_expect_eq(plain.len, 4096);
    cr_expect_eq(inflate_body(scratch, &arena, SLICE("br"), past_it, &plain).kind, FAULT_TOO_BIG);
    inflate_scratch_free(scratch);
}

Test(decode_limits, a_bomb_costs_its_cap_and_leaves_nothing)
{
    struct inflate_scratch *scratch = inflate_scratch_new(1u << 20);
    struct libdeflate_compressor *packer = libdeflate_alloc_compressor(6);
    char packed[65536];
    struct slice plain;
    add_many('a', 32u << 20);
    size_t size = libdeflate_gzip_compress(packer, text.at, text.len, packed, sizeof(packed));
    libdeflate_free_compressor(packer);
    cr_assert_neq(size, 0);

    struct fault fault =
        inflate_body(scratch, &arena, SLICE("gzip"), slice_of(packed, size), &plain);

    cr_expect_eq(fault.kind, FAULT_TOO_BIG);
    cr_expect_eq(arena.used, 0);
    cr_expect_eq(arena.high, 1u << 20);
    inflate_scratch_free(scratch);
}

/* An event whose `name` is a list of so many `member`s. */
static void decode_list(struct event *out, const char *name, const char *member, unsigned count)
{
    struct value *root = NULL;
    arena_reset(&arena);
    buffer_reset(&text);
    buffer_printf(&text, "{\"%s\":[", name);
    for (unsigned i = 0; i < count; i++) {
        buffer_printf(&text, i != 0 ? "," : "");
        buffer_printf(&text, "%s%u%s", member, i,
                      strchr(member, '{') != NULL   ? "}"
                      : strchr(member, '[') != NULL ? "]"
                                                    : "");
    }
    buffer_add(&text, SLICE("]}"));
    cr_assert_not(fault_is(value_parse_json(&arena, buffer_slice(&text), &root)));
    cr_assert_not(fault_is(event_decode(&arena, root, out)));
}

Test(decode_limits, exceptions_past_the_limit_lose_the_first)
{
    struct event event;
    decode_list(&event, "exception", "{\"type\":", EXCEPTIONS_MAX);
    cr_expect_eq(event.exception_count, EXCEPTIONS_MAX);
    decode_list(&event, "exception", "{\"type\":", EXCEPTIONS_MAX + 1);
    cr_expect_eq(event.exception_count, EXCEPTIONS_MAX);
    cr_expect(slice_eq(event.exceptions[0].type, SLICE("1")));
    cr_expect(slice_eq(event.exceptions[EXCEPTIONS_MAX - 1].type, SLICE("50")));
}

Test(decode_limits, stack_traces_past_the_limit_lose_their_middle)
{
    struct event event;
    decode_list(&event, "stacktrace", "{\"lineno\":1,\"function\":", FRAMES_MAX);
    cr_expect_eq(event.stacktrace.count, FRAMES_MAX);
    decode_list(&event, "stacktrace", "{\"function\":", FRAMES_MAX + 2);
    cr_expect_eq(event.stacktrace.count, FRAMES_MAX);
    cr_expect(slice_eq(event.stacktrace.frames[0].function, SLICE("0")));
    cr_expect(slice_eq(event.stacktrace.frames[FRAMES_OLDEST_KEPT - 1].function, SLICE("49")));
    cr_expect(slice_eq(event.stacktrace.frames[FRAMES_OLDEST_KEPT].function, SLICE("52")));
    cr_expect(slice_eq(event.stacktrace.frames[FRAMES_MAX - 1].function, SLICE("251")));
}

Test(decode_limits, threads_tags_and_fingerprints_past_the_limit_keep_the_first)
{
    struct event event;
    decode_list(&event, "threads", "{\"id\":", THREADS_MAX);
    cr_expect_eq(event.thread_count, THREADS_MAX);
    decode_list(&event, "threads", "{\"id\":", THREADS_MAX + 1);
    cr_expect_eq(event.thread_count, THREADS_MAX);
    decode_list(&event, "tags", "[\"k\",", TAGS_MAX);
    cr_expect_eq(event.tag_count, TAGS_MAX);
    decode_list(&event, "tags", "[\"k\",", TAGS_MAX + 1);
    cr_expect_eq(event.tag_count, TAGS_MAX);
    decode_list(&event, "fingerprint", "1", FINGERPRINT_PARTS_MAX);
    cr_expect_eq(event.fingerprint_count, FINGERPRINT_PARTS_MAX);
    decode_list(&event, "fingerprint", "1", FINGERPRINT_PARTS_MAX + 1);
    cr_expect_eq(event.fingerprint_count, FINGERPRINT_PARTS_MAX);
}

Test(decode_limits, objects_as_messages_are_cut)
{
    struct event event;
    struct value *root = NULL;
    buffer_add(&text, SLICE("{\"message\":[\""));
    add_many('x', 100);
    for (int i = 0; i < 200; i++) {
        buffer_add(&text, SLICE("\",\"1234567890123456789012345678901234567890"));
    }
    buffer_add(&text, SLICE("\"]}"));
    cr_assert_not(fault_is(value_parse_json(&arena, buffer_slice(&text), &root)));
    cr_assert_not(fault_is(event_decode(&arena, root, &event)));
    cr_expect(event.message.len <= MESSAGE_BYTES_MAX && event.message.len > MESSAGE_BYTES_MAX - 64);
}
