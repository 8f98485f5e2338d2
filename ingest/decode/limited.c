/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/limited.h"
#include "ingest/base/must.h"
#include "ingest/decode/percent.h"

void limited_read(struct slice parameters, struct limited *out)
{
    struct slice name;
    struct slice value;
    *out = (struct limited){0};
    while (percent_next_pair(&parameters, '&', &name, &value)) {
        enum category category = CATEGORY_COUNT;
        size_t colon = slice_find(value, ':');
        if (slice_eq(name, SLICE("limited")) &&
            category_parse(slice_head(value, colon), &category)) {
            struct slice by = slice_from(value, colon + 1);
            out->by[category] = by.len != 0 ? by : SLICE("limit");
        }
    }
}

struct slice limited_write(struct arena *arena, struct slice parameters,
                           const struct limited *limited)
{
    struct slice parts[5 * CATEGORY_COUNT + 1] = {parameters};
    size_t count = 1;
    for (unsigned i = 0; i < CATEGORY_COUNT; i++) {
        if (limited->by[i].len != 0) {
            bool is_first = parameters.len == 0 && count == 1;
            parts[count++] = is_first ? SLICE("") : SLICE("&");
            parts[count++] = SLICE("limited=");
            parts[count++] = slice_str(category_name((enum category)i));
            parts[count++] = SLICE(":");
            parts[count++] = limited->by[i];
        }
    }
    MUST(count <= sizeof(parts) / sizeof(parts[0]));
    return arena_concat(arena, parts, count);
}

struct slice limited_item(const struct limited *limited, const struct envelope *envelope,
                          const struct envelope_item *item)
{
    const struct envelope_item *event = envelope_event(envelope);
    struct slice by = limited->by[item_category(item->kind)];
    return by.len == 0 && item->kind == ITEM_ATTACHMENT && event != NULL
               ? limited->by[item_category(event->kind)]
               : by;
}
