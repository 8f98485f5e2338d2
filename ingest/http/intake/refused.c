/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/http/intake/refused.h"
#include "ingest/base/must.h"

void refused_add(struct refused *refused, const struct refusal *refusal)
{
    struct slice reason = slice_head(refusal->reason, sizeof(refused->text[0]));
    MUST(refused->count <= REFUSED_ROWS);
    for (uint32_t i = 0; i < refused->count; i++) {
        struct refusal *row = &refused->rows[i];
        if (row->project == refusal->project && row->fate == refusal->fate &&
            row->category == refusal->category && slice_eq(row->reason, reason)) {
            row->quantity += refusal->quantity;
            return;
        }
    }
    if (refused->count == REFUSED_ROWS) {
        refused->lost += refusal->quantity;
        return;
    }
    uint32_t made = refused->count++;
    if (reason.len != 0) {
        memcpy(refused->text[made], reason.at, reason.len);
    }
    refused->rows[made] = *refusal;
    refused->rows[made].reason = slice_of(refused->text[made], reason.len);
}

struct slice refused_write(struct refused *refused, struct arena *arena)
{
    size_t room = (size_t)refused->count * REFUSAL_LINE_BYTES_MAX;
    char *to = refused->count != 0 ? arena_bytes(arena, room) : NULL;
    size_t length = 0;
    if (to == NULL) {
        return slice_of(NULL, 0);
    }
    for (uint32_t i = 0; i < refused->count; i++) {
        char line[REFUSAL_LINE_BYTES_MAX];
        struct slice text = refusal_write(&refused->rows[i], line);
        memcpy(to + length, text.at, text.len);
        length += text.len;
    }
    MUST(length <= room);
    refused->count = 0;
    return slice_of(to, length);
}

void refused_again(struct refused *refused, struct slice lines)
{
    struct refusal refusal;
    while (refusal_next(&lines, &refusal)) {
        refused_add(refused, &refusal);
    }
}
