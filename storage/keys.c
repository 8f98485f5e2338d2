/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/keys.h"

#include "ingest/base/must.h"
#include "storage/effect.h"
#include <inttypes.h>
#include <stdio.h>

static const struct key_row ROWS[KEY_COUNT] = {
#define KEY_ROW(constant, pattern, type, expiry, writer) {pattern, type, expiry, writer},
    KEYS(KEY_ROW)
#undef KEY_ROW
};

const struct key_row *key_row(enum key key)
{
    MUST(key < KEY_COUNT);
    return &ROWS[key];
}

/* Splits a pattern at its placeholders: gives the text before the next one and moves behind it. */
static struct slice literal(struct slice *pattern, bool *out_has_number)
{
    size_t at = 0;
    while (at < pattern->len && pattern->at[at] != '<' && pattern->at[at] != 'N') {
        at++;
    }
    struct slice text = slice_head(*pattern, at);
    *out_has_number = at < pattern->len;
    if (*out_has_number) {
        at += pattern->at[at] == 'N' ? 2 : slice_find(slice_from(*pattern, at), '>') + 1;
    }
    *pattern = slice_from(*pattern, at);
    return text;
}

struct slice key_format(char out[static KEY_BYTES_MAX], enum key key, uint32_t partition,
                        uint64_t first, uint64_t second)
{
    MUST(partition < PARTITION_COUNT);
    const uint64_t numbers[] = {partition, first, second};
    struct slice pattern = slice_str(key_row(key)->pattern);
    size_t len = 0;
    unsigned used = 0;
    bool has_number = true;
    while (has_number) {
        struct slice text = literal(&pattern, &has_number);
        if (text.len != 0) {
            memcpy(out + len, text.at, text.len);
            len += text.len;
        }
        if (has_number) {
            MUST(used < 3);
            int wrote = snprintf(out + len, KEY_BYTES_MAX - len, "%0*" PRIu64, used == 0 ? 2 : 1,
                                 numbers[used]);
            used++;
            len += (size_t)wrote;
        }
        MUST(len < KEY_BYTES_MAX);
    }
    out[len] = '\0';
    return slice_of(out, len);
}

uint32_t key_issue_partition(uint64_t issue)
{
    return (uint32_t)(issue % PARTITION_COUNT);
}

bool key_matches(enum key key, struct slice text)
{
    struct slice pattern = slice_str(key_row(key)->pattern);
    bool has_number = true;
    while (has_number) {
        struct slice before = literal(&pattern, &has_number);
        if (!slice_starts(text, before)) {
            return false;
        }
        text = slice_from(text, before.len);
        size_t digits = 0;
        while (has_number && digits < text.len && text.at[digits] >= '0' &&
               text.at[digits] <= '9') {
            digits++;
        }
        if (has_number && digits == 0) {
            return false;
        }
        text = slice_from(text, digits);
    }
    return text.len == 0;
}
