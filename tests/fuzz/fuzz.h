/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz — what every fuzz target of the JSON and event decoders starts and ends with. */
#pragma once
#include "ingest/base/json.h"
#include "ingest/base/must.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_ARENA_BYTES (1u << 20)

static inline struct arena fuzz_arena(void)
{
    struct arena arena;
    static _Alignas(16) char room[FUZZ_ARENA_BYTES]; /* the sanitizer watches both ends */
    arena_over(&arena, room, FUZZ_ARENA_BYTES);
    return arena;
}

/* The tree as JSON, in the arena. */
static inline struct slice fuzz_write(struct arena *arena, const struct value *root)
{
    struct buffer buffer;
    struct json json;
    buffer_init(&buffer, FUZZ_ARENA_BYTES);
    json_init(&json, &buffer);
    json_value(&json, root);
    struct slice text = arena_copy(arena, buffer_slice(&buffer));
    buffer_done(&buffer);
    return text;
}

/* True when `part` lies in `whole` or in the arena: nothing may point anywhere else. */
static inline bool fuzz_is_inside(const struct arena *arena, struct slice whole, struct slice part)
{
    bool in_whole = part.at >= whole.at && part.at + part.len <= whole.at + whole.len;
    bool in_arena = part.at >= arena->base && part.at + part.len <= arena->base + arena->used;
    return part.len == 0 || in_whole || in_arena;
}
