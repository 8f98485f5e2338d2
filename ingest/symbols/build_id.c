/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/symbols/build_id.h"
#include "ingest/base/id.h"
#include "ingest/base/must.h"
#include "ingest/symbols/symbols.h"

static const char *const status_names[] = {
#define STATUS_NAME(constant, name) name,
    SYMBOL_STATUSES(STATUS_NAME)
#undef STATUS_NAME
};

const char *symbol_status_name(enum symbol_status status)
{
    MUST(status < SYMBOL_STATUS_COUNT);
    return status_names[status];
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Fills `count` bytes; false when one of the digits is none. */
static bool read_hex(const char *at, size_t count, uint8_t *out)
{
    for (size_t i = 0; i < count; i++) {
        int high = digit_of(at[2 * i]);
        int low = digit_of(at[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

bool build_id_parse(struct slice code_id, struct build_id *out)
{
    struct build_id id = {.len = 0};
    size_t count = code_id.len / 2;
    if (code_id.len % 2 != 0 || count < BUILD_ID_BYTES_MIN || count > BUILD_ID_BYTES_MAX ||
        !read_hex(code_id.at, count, id.bytes)) {
        return false;
    }
    id.len = (uint8_t)count;
    MUST(id.len >= BUILD_ID_BYTES_MIN);
    *out = id;
    return true;
}

bool build_id_of_debug_id(struct slice debug_id, struct build_id *out)
{
    static const uint8_t order[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    bool is_dashed = debug_id.len >= 36 && debug_id.at[8] == '-';
    struct id guid;
    if (!id_parse(slice_head(debug_id, is_dashed ? 36 : 32), &guid)) {
        return false;
    }
    struct build_id id = {.len = sizeof(guid.bytes), .is_prefix = true};
    for (size_t i = 0; i < sizeof(order); i++) {
        id.bytes[i] = guid.bytes[order[i]];
    }
    *out = id;
    return true;
}

void build_id_format(const struct build_id *id, char out[static BUILD_ID_HEX_BYTES])
{
    MUST(id->len <= BUILD_ID_BYTES_MAX);
    id_hex(id->bytes, id->len, out);
}
