/* SPDX-License-Identifier: Apache-2.0 */
#include "storage/windows.h"

#include "ingest/base/buffer.h"
#include "ingest/base/hash.h"
#include "ingest/base/must.h"
#include "ingest/base/time.h"
#include "storage/pack.h"
#include <math.h>
#include <stdlib.h>

#define NONE              UINT32_MAX /* no index */
#define PAYLOAD_BYTES_MAX (256u << 20)

struct hit {
    const struct effect *effect;
    const struct effect_window *window;
    uint32_t next; /* of the same partition */
};

struct windows {
    struct hit *hits;
    uint32_t count;
    uint32_t room;
    uint32_t first[PARTITION_COUNT];
    uint32_t last[PARTITION_COUNT];
    struct buffer payload;
};

struct windows *windows_new(void)
{
    struct windows *windows = calloc(1, sizeof *windows);
    MUST(windows != NULL);
    buffer_init(&windows->payload, PAYLOAD_BYTES_MAX);
    windows_reset(windows);
    return windows;
}

void windows_free(struct windows *windows)
{
    if (windows != NULL) {
        buffer_done(&windows->payload);
        free(windows->hits);
        free(windows);
    }
}

void windows_reset(struct windows *windows)
{
    windows->count = 0;
    memset(windows->first, 0xff, sizeof windows->first);
}

void windows_add(struct windows *windows, const struct effect *effect,
                 const struct effect_window *window)
{
    MUST(window->partition < PARTITION_COUNT && window->digest.len != 0);
    if (windows->count == windows->room) {
        windows->room = windows->room == 0 ? 256 : 2 * windows->room;
        windows->hits = realloc(windows->hits, windows->room * sizeof *windows->hits);
        MUST(windows->hits != NULL);
    }
    uint32_t made = windows->count++;
    windows->hits[made] = (struct hit){effect, window, NONE};
    if (windows->first[window->partition] == NONE) {
        windows->first[window->partition] = made;
    } else {
        windows->hits[windows->last[window->partition]].next = made;
    }
    windows->last[window->partition] = made;
}

uint32_t windows_count(const struct windows *windows)
{
    return windows->count;
}

bool windows_has(const struct windows *windows, uint32_t partition)
{
    MUST(partition < PARTITION_COUNT);
    return windows->first[partition] != NONE;
}

/* Whether a hit further up is of the same tree. */
static bool is_told(const struct windows *windows, uint32_t partition, uint32_t until)
{
    struct slice digest = windows->hits[until].window->digest;
    for (uint32_t i = windows->first[partition]; i != until; i = windows->hits[i].next) {
        if (slice_eq(windows->hits[i].window->digest, digest)) {
            return true;
        }
    }
    return false;
}

static void pack_trees(struct windows *windows, uint32_t partition)
{
    uint32_t count = 0;
    for (int pass = 0; pass < 2; pass++) {
        if (pass == 1) {
            pack_array(&windows->payload, count);
        }
        for (uint32_t i = windows->first[partition]; i != NONE; i = windows->hits[i].next) {
            bool is_first = !is_told(windows, partition, i);
            count += pass == 0 && is_first;
            if (pass == 1 && is_first) {
                pack_array(&windows->payload, 2);
                pack_text(&windows->payload, windows->hits[i].window->digest);
                pack_text(&windows->payload, windows->hits[i].window->tree);
            }
        }
    }
}

/* 52 bits of the event's id: a number in Lua, as it is here. */
static int64_t short_id(struct id id)
{
    uint64_t hash = hash_fnv1a(HASH_FNV1A_START, slice_of((const char *)id.bytes, sizeof id.bytes));
    return (int64_t)(hash >> 12);
}

static void pack_hit(struct buffer *out, const struct hit *hit)
{
    const struct effect *effect = hit->effect;
    const struct effect_window *window = hit->window;
    char project[16];
    char event[ID_HEX_BYTES + 1];
    int len = snprintf(project, sizeof project, "%u", effect->project);
    id_format(effect->event, event);
    pack_array(out, 8);
    pack_text(out, window->digest);
    pack_integer(out, window->node);
    pack_integer(out, window->source);
    pack_number(out, window->value);
    pack_integer(out, effect->at_us / TIME_US_PER_MS);
    pack_integer(out, short_id(effect->event));
    pack_array(out, window->group_count);
    for (uint32_t i = 0; i < window->group_count; i++) {
        pack_text(out, window->group[i]);
    }
    pack_array(out, 4);
    pack_text(out, slice_of(project, (size_t)len));
    pack_text(out, slice_of(event, ID_HEX_BYTES));
    pack_text(out, effect->environment);
    pack_text(out, effect->release);
}

struct slice windows_payload(struct windows *windows, uint32_t partition)
{
    uint32_t count = 0;
    buffer_reset(&windows->payload);
    if (!windows_has(windows, partition)) {
        return SLICE("");
    }
    for (uint32_t i = windows->first[partition]; i != NONE; i = windows->hits[i].next) {
        count++;
    }
    pack_array(&windows->payload, 2);
    pack_trees(windows, partition);
    pack_array(&windows->payload, count);
    for (uint32_t i = windows->first[partition]; i != NONE; i = windows->hits[i].next) {
        pack_hit(&windows->payload, &windows->hits[i]);
    }
    MUST(!windows->payload.overflowed);
    return buffer_slice(&windows->payload);
}
