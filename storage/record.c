/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/record.h"

#include "ingest/base/hash.h"
#include "ingest/base/must.h"

enum { CRC_FROM = 8, HEAD_CRC = 72, FIELDS = 5 };

static void put(char *at, uint64_t number, size_t bytes)
{
    MUST(bytes <= 8);
    for (size_t i = 0; i < bytes; i++) {
        at[i] = (char)(unsigned char)(number >> (8 * i));
    }
}

static uint64_t get(const char *at, size_t bytes)
{
    MUST(bytes <= 8);
    uint64_t number = 0;
    for (size_t i = 0; i < bytes; i++) {
        number |= (uint64_t)(unsigned char)at[i] << (8 * i);
    }
    return number;
}

static size_t padded(size_t bytes)
{
    return (bytes + 7) & ~(size_t)7;
}

static size_t exact_bytes(const struct record *record)
{
    return RECORD_HEAD_BYTES + record->key.len + record->address.len + record->content_type.len +
           record->content_encoding.len + record->user_agent.len + record->body.len +
           record->parameters.len;
}

size_t record_bytes(const struct record *record)
{
    const struct slice *fields[FIELDS] = {&record->key, &record->address, &record->content_type,
                                          &record->content_encoding, &record->user_agent};
    for (size_t i = 0; i < FIELDS; i++) {
        if (fields[i]->len > RECORD_FIELD_BYTES_MAX) {
            return 0;
        }
    }
    bool is_over =
        record->body.len > BODY_WIRE_BYTES_MAX || record->parameters.len > RECORD_FIELD_BYTES_MAX;
    return is_over ? 0 : padded(exact_bytes(record));
}

uint32_t record_salt(struct id node)
{
    return hash_crc32(0, slice_of((const char *)node.bytes, sizeof node.bytes));
}

static uint32_t checksum(const char *at, size_t until, uint32_t salt)
{
    MUST(until > CRC_FROM);
    return hash_crc32(salt, slice_of(at + CRC_FROM, until - CRC_FROM));
}

void record_encode(const struct record *record, uint32_t salt, char *out)
{
    size_t room = record_bytes(record);
    size_t length = exact_bytes(record);
    MUST(room != 0 && record->sequence > record->durable);
    MUST(length <= room);
    const struct slice fields[FIELDS + 1] = {record->key,          record->address,
                                             record->content_type, record->content_encoding,
                                             record->user_agent,   record->body};
    put(out, RECORD_MAGIC, 4);
    put(out + 8, length, 4);
    put(out + 12, record->project, 4);
    put(out + 16, record->sequence, 8);
    put(out + 24, record->durable, 8);
    put(out + 32, (uint64_t)record->received_us, 8);
    memcpy(out + 40, record->seed.bytes, sizeof record->seed.bytes);
    put(out + 56, record->kind, 2);
    char *at = out + RECORD_HEAD_BYTES;
    for (size_t i = 0; i <= FIELDS; i++) {
        put(out + 58 + 2 * i, fields[i].len, i < FIELDS ? 2 : 4);
        if (fields[i].len > 0) {
            memcpy(at, fields[i].at, fields[i].len);
        }
        at += fields[i].len;
    }
    MUST(at == out + length - record->parameters.len);
    if (record->parameters.len > 0) {
        memcpy(at, record->parameters.at, record->parameters.len);
    }
    memset(out + length, 0, room - length);
    put(out + HEAD_CRC, checksum(out, HEAD_CRC, salt), 8);
    put(out + 4, checksum(out, length, salt), 4);
}

/* Whether the lengths in the head add up and keep to the limits. */
static bool lengths_fit(const char *head)
{
    uint64_t body = get(head + 68, 4);
    uint64_t sum = RECORD_HEAD_BYTES + body;
    for (size_t i = 0; i < FIELDS; i++) {
        uint64_t field = get(head + 58 + 2 * i, 2);
        if (field > RECORD_FIELD_BYTES_MAX) {
            return false;
        }
        sum += field;
    }
    uint64_t length = get(head + 8, 4);
    return body <= BODY_WIRE_BYTES_MAX && sum <= length && length - sum <= RECORD_FIELD_BYTES_MAX;
}

struct fault record_peek(struct slice head, uint32_t salt, struct record_extent *out)
{
    if (head.len < RECORD_HEAD_BYTES || get(head.at, 4) == 0) {
        return fault_at(FAULT_NOT_FOUND, "record: nothing was written here", 0);
    }
    if (get(head.at, 4) != RECORD_MAGIC) {
        return fault_at(FAULT_MALFORMED, "record: does not begin like one", 0);
    }
    if (get(head.at + HEAD_CRC, 8) != checksum(head.at, HEAD_CRC, salt)) {
        return fault_at(FAULT_MALFORMED, "record: checksum of the head does not hold", HEAD_CRC);
    }
    if (!lengths_fit(head.at)) {
        return fault_at(FAULT_MALFORMED, "record: lengths do not fit together", 8);
    }
    uint64_t sequence = get(head.at + 16, 8);
    uint64_t durable = get(head.at + 24, 8);
    if (durable >= sequence) {
        return fault_at(FAULT_MALFORMED, "record: impossible sequence", 16);
    }
    *out = (struct record_extent){sequence, durable, padded((size_t)get(head.at + 8, 4))};
    MUST(out->bytes % 8 == 0 && out->bytes <= RECORD_BYTES_MAX);
    return FAULT_OK;
}

static void fill(const char *at, struct record *out)
{
    *out = (struct record){
        .sequence = get(at + 16, 8),
        .durable = get(at + 24, 8),
        .received_us = (int64_t)get(at + 32, 8),
        .project = (uint32_t)get(at + 12, 4),
        .kind = (enum record_kind)get(at + 56, 2),
    };
    memcpy(out->seed.bytes, at + 40, sizeof out->seed.bytes);
    struct slice *fields[FIELDS + 1] = {&out->key,          &out->address,
                                        &out->content_type, &out->content_encoding,
                                        &out->user_agent,   &out->body};
    size_t from = RECORD_HEAD_BYTES;
    for (size_t i = 0; i <= FIELDS; i++) {
        size_t len = (size_t)get(at + 58 + 2 * i, i < FIELDS ? 2 : 4);
        *fields[i] = slice_of(at + from, len);
        from += len;
    }
    MUST(from <= (size_t)get(at + 8, 4));
    out->parameters = slice_of(at + from, (size_t)get(at + 8, 4) - from);
}

struct fault record_decode(struct slice bytes, uint32_t salt, struct record *out)
{
    MUST(out != NULL);
    struct record_extent extent;
    struct fault fault = record_peek(bytes, salt, &extent);
    if (fault_is(fault)) {
        return fault;
    }
    if (extent.bytes > bytes.len) {
        return fault_at(FAULT_MALFORMED, "record: cut short", bytes.len);
    }
    if (checksum(bytes.at, (size_t)get(bytes.at + 8, 4), salt) != get(bytes.at + 4, 4)) {
        return fault_at(FAULT_MALFORMED, "record: checksum does not hold", 4);
    }
    fill(bytes.at, out);
    return FAULT_OK;
}
