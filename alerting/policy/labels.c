/* SPDX-License-Identifier: Apache-2.0 */
#include "alerting/policy/labels.h"
#include "alerting/policy/quote.h"
#include "ingest/base/hash.h"
#include "ingest/base/must.h"

bool labels_init(struct labels *labels, uint32_t room, struct arena *arena)
{
    MUST(labels != NULL && arena != NULL);
    struct label *items = ARENA_ARRAY(arena, room, struct label);
    *labels = (struct labels){.items = items, .room = items != NULL ? room : 0};
    return items != NULL;
}

/* Index of the first label whose name is not before `name`. */
static uint32_t position(const struct labels *labels, struct slice name)
{
    uint32_t low = 0;
    uint32_t high = labels->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (slice_compare(labels->items[middle].name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool stands_at(const struct labels *labels, uint32_t at, struct slice name)
{
    MUST(at <= labels->count);
    return at < labels->count && slice_eq(labels->items[at].name, name);
}

static void take_out(struct labels *labels, uint32_t at)
{
    MUST(at < labels->count);
    labels->count--;
    memmove(&labels->items[at], &labels->items[at + 1],
            (labels->count - at) * sizeof(*labels->items));
}

bool labels_set(struct labels *labels, struct slice name, struct slice value)
{
    MUST(labels->count <= labels->room);
    uint32_t at = position(labels, name);
    bool is_present = stands_at(labels, at, name);
    if (slice_is_empty(value)) {
        if (is_present) {
            take_out(labels, at);
        }
        return true;
    }
    if (is_present) {
        labels->items[at].value = value;
        return true;
    }
    if (labels->count == labels->room) {
        return false;
    }
    memmove(&labels->items[at + 1], &labels->items[at],
            (labels->count - at) * sizeof(*labels->items));
    labels->items[at] = (struct label){name, value};
    labels->count++;
    MUST(labels->count <= labels->room);
    return true;
}

struct slice labels_get(const struct labels *labels, struct slice name)
{
    uint32_t at = position(labels, name);
    return stands_at(labels, at, name) ? labels->items[at].value : slice_of(NULL, 0);
}

uint64_t labels_fingerprint(const struct labels *labels)
{
    uint64_t hash = HASH_FNV1A_START;
    for (uint32_t i = 0; i < labels->count; i++) {
        hash = hash_fnv1a(hash, labels->items[i].name);
        hash = hash_fnv1a(hash, SLICE("\xFF"));
        hash = hash_fnv1a(hash, labels->items[i].value);
        hash = hash_fnv1a(hash, SLICE("\xFF"));
    }
    return hash;
}

void labels_keep_common(struct labels *out, const struct labels *from)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < out->count; i++) {
        uint32_t at = position(from, out->items[i].name);
        if (stands_at(from, at, out->items[i].name) &&
            slice_eq(from->items[at].value, out->items[i].value)) {
            out->items[kept++] = out->items[i];
        }
    }
    MUST(kept <= out->count);
    out->count = kept;
}

bool labels_name_is_valid(struct slice name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!is_letter && (i == 0 || c < '0' || c > '9')) {
            return false;
        }
    }
    return name.len != 0;
}

void labels_print(const struct labels *labels, struct buffer *out)
{
    MUST(out != NULL);
    buffer_byte(out, '{');
    for (uint32_t i = 0; i < labels->count; i++) {
        buffer_add(out, i != 0 ? SLICE(", ") : SLICE(""));
        buffer_add(out, labels->items[i].name);
        buffer_byte(out, '=');
        quote_go(labels->items[i].value, out);
    }
    buffer_byte(out, '}');
}
