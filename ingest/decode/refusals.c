/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/refusals.h"
#include "ingest/base/must.h"
#include <stdio.h>

#define REASON_BYTES_MAX 64u

struct slice refusal_write(const struct refusal *refusal, char out[static REFUSAL_LINE_BYTES_MAX])
{
    struct slice reason = slice_head(refusal->reason, REASON_BYTES_MAX);
    int length = snprintf(out, REFUSAL_LINE_BYTES_MAX, "%u %s %s %u %.*s\n", refusal->project,
                          fate_name(refusal->fate), category_name(refusal->category),
                          refusal->quantity, SLICE_ARG(reason));
    MUST(length > 0 && (size_t)length < REFUSAL_LINE_BYTES_MAX);
    return slice_of(out, (size_t)length);
}

static struct slice take_word(struct slice *line)
{
    struct slice word = slice_head(*line, slice_find(*line, ' '));
    *line = slice_from(*line, word.len + 1);
    return word;
}

static bool read_number(struct slice text, uint32_t *out)
{
    uint64_t number = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] < '0' || text.at[i] > '9' || number > UINT32_MAX) {
            return false;
        }
        number = number * 10 + (uint64_t)(text.at[i] - '0');
    }
    *out = (uint32_t)number;
    return text.len != 0 && number <= UINT32_MAX;
}

static bool is_reason(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '.' &&
            c != '-') {
            return false;
        }
    }
    return text.len <= REASON_BYTES_MAX;
}

bool refusal_next(struct slice *text, struct refusal *out)
{
    while (text->len != 0) {
        struct slice line = slice_head(*text, slice_find(*text, '\n'));
        *text = slice_from(*text, line.len + 1);
        struct refusal refusal = {0};
        if (read_number(take_word(&line), &refusal.project) &&
            fate_parse(take_word(&line), &refusal.fate) &&
            category_parse(take_word(&line), &refusal.category) &&
            read_number(take_word(&line), &refusal.quantity) && refusal.quantity > 0 &&
            is_reason(line)) {
            refusal.reason = line;
            *out = refusal;
            return true;
        }
    }
    return false;
}
