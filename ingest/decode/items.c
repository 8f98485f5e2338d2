/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/items.h"
#include "ingest/base/must.h"

static const struct row {
    struct slice type;
    enum category category;
    bool needs_event_id;
    size_t bytes_max;
} rows[ITEM_KIND_COUNT] = {
#define ITEM_ROW(kind, type, category, belongs, bytes) {SLICE_INIT(type), category, belongs, bytes},
    ITEMS(ITEM_ROW)
#undef ITEM_ROW
};

enum item_kind item_kind_of(struct slice type)
{
    for (unsigned i = 0; i < ITEM_UNKNOWN; i++) {
        if (slice_eq(type, rows[i].type)) {
            return (enum item_kind)i;
        }
    }
    /* Android 8.10 and 8.11 send this name. */
    return slice_eq(type, SLICE("profile_chunk_ui")) ? ITEM_PROFILE_CHUNK : ITEM_UNKNOWN;
}

const char *item_name(enum item_kind kind)
{
    MUST(kind < ITEM_KIND_COUNT);
    return rows[kind].type.at;
}

enum category item_category(enum item_kind kind)
{
    MUST(kind < ITEM_KIND_COUNT);
    return rows[kind].category;
}

bool item_needs_event_id(enum item_kind kind)
{
    MUST(kind < ITEM_KIND_COUNT);
    return rows[kind].needs_event_id;
}

size_t item_bytes_max(enum item_kind kind)
{
    MUST(kind < ITEM_KIND_COUNT);
    return rows[kind].bytes_max;
}
