/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/keys.h"
#include "ingest/base/must.h"

#define PREFIX_BYTES 7u /* "t:{NN}:" */

static const struct alerting_key_row rows[] = {
#define ALERTING_KEY_ROW(constant, pattern, type, expiry, writer) {pattern, type, expiry, writer},
    ALERTING_KEYS(ALERTING_KEY_ROW)
#undef ALERTING_KEY_ROW
};

const struct alerting_key_row *alerting_key_row(enum alerting_key key)
{
    MUST(key < ALERTING_KEY_COUNT);
    return &rows[key];
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool has_prefix(struct slice key)
{
    return key.len > PREFIX_BYTES && slice_starts(key, SLICE("t:{")) && is_digit(key.at[3]) &&
           is_digit(key.at[4]) && key.at[5] == '}' && key.at[6] == ':';
}

/* A pattern has at most one '*', which stands for one byte at least. */
static bool matches(struct slice name, struct slice pattern)
{
    size_t star = slice_find(pattern, '*');
    if (star == pattern.len) {
        return slice_eq(name, pattern);
    }
    return name.len >= pattern.len && slice_starts(name, slice_head(pattern, star)) &&
           slice_ends(name, slice_from(pattern, star + 1));
}

enum alerting_key alerting_key_find(struct slice key)
{
    uint32_t row = 0;
    struct slice name = slice_from(key, PREFIX_BYTES);
    if (!has_prefix(key)) {
        return ALERTING_KEY_COUNT;
    }
    while (row < ALERTING_KEY_COUNT && !matches(name, slice_str(rows[row].pattern))) {
        row++;
    }
    return (enum alerting_key)row;
}
