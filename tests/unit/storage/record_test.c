/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/record.h"

#include <criterion/criterion.h>

static const struct record FULL = {
    .sequence = 1234567890123,
    .durable = 1234567890100,
    .received_us = -5,
    .seed = {{0xff, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}},
    .project = 4000000000u,
    .kind = RECORD_STORE,
    .key = SLICE_INIT("k\0y"),
    .address = SLICE_INIT("2001:db8::1"),
    .content_type = SLICE_INIT("application/json"),
    .content_encoding = SLICE_INIT("gzip"),
    .user_agent = SLICE_INIT("agent"),
    .body = SLICE_INIT("{\"a\":1}"),
    .parameters = SLICE_INIT("status=ok&limited=error")};

static void expect_same(const struct record *a, const struct record *b)
{
    cr_expect_eq(a->sequence, b->sequence);
    cr_expect_eq(a->durable, b->durable);
    cr_expect_eq(a->received_us, b->received_us);
    cr_expect(id_eq(a->seed, b->seed));
    cr_expect_eq(a->project, b->project);
    cr_expect_eq(a->kind, b->kind);
    cr_expect(slice_eq(a->key, b->key) && slice_eq(a->address, b->address));
    cr_expect(slice_eq(a->content_type, b->content_type));
    cr_expect(slice_eq(a->content_encoding, b->content_encoding));
    cr_expect(slice_eq(a->user_agent, b->user_agent) && slice_eq(a->body, b->body));
    cr_expect(slice_eq(a->parameters, b->parameters));
}

Test(record, what_is_encoded_is_decoded)
{
    char bytes[256];
    struct record back;
    size_t size = record_bytes(&FULL);
    cr_assert(size % 8 == 0 && size <= sizeof bytes);

    record_encode(&FULL, 99, bytes);
    cr_assert(!fault_is(record_decode(slice_of(bytes, size), 99, &back)));

    expect_same(&FULL, &back);
}

Test(record, a_record_of_nothing_but_a_sequence_is_one_head)
{
    char bytes[RECORD_HEAD_BYTES];
    struct record back;
    struct record empty = {.sequence = 1, .kind = RECORD_ENVELOPE};
    cr_assert_eq(record_bytes(&empty), RECORD_HEAD_BYTES);

    record_encode(&empty, 0, bytes);

    cr_assert(!fault_is(record_decode(slice_of(bytes, sizeof bytes), 0, &back)));
    expect_same(&empty, &back);
}

Test(record, every_single_flipped_bit_is_noticed)
{
    char bytes[256];
    struct record back;
    size_t size = record_bytes(&FULL);
    size_t exact = RECORD_HEAD_BYTES + 3 + 11 + 16 + 4 + 5 + 7;
    record_encode(&FULL, 7, bytes);

    for (size_t bit = 0; bit < exact * 8; bit++) {
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
        cr_expect(fault_is(record_decode(slice_of(bytes, size), 7, &back)), "bit %zu", bit);
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ (1 << bit % 8));
    }
}

Test(record, every_cut_is_noticed)
{
    char bytes[256];
    struct record back;
    size_t size = record_bytes(&FULL);
    record_encode(&FULL, 7, bytes);

    for (size_t len = 0; len < size; len++) {
        cr_expect(fault_is(record_decode(slice_of(bytes, len), 7, &back)), "%zu bytes", len);
    }
}

Test(record, zeroes_and_the_end_of_the_file_are_nothing_written)
{
    char zeroes[RECORD_HEAD_BYTES] = {0};
    struct record_extent extent;

    cr_expect_eq(record_peek(slice_of(zeroes, sizeof zeroes), 1, &extent).kind, FAULT_NOT_FOUND);
    cr_expect_eq(record_peek(slice_of(zeroes, 10), 1, &extent).kind, FAULT_NOT_FOUND);
    cr_expect_eq(record_peek(slice_of(NULL, 0), 1, &extent).kind, FAULT_NOT_FOUND);
}

Test(record, one_of_another_node_is_not_ours)
{
    char bytes[256];
    struct record back;
    uint32_t ours = record_salt((struct id){{1}});
    uint32_t theirs = record_salt((struct id){{2}});
    record_encode(&FULL, theirs, bytes);

    cr_expect_eq(record_decode(slice_of(bytes, sizeof bytes), ours, &back).kind, FAULT_MALFORMED);
}
