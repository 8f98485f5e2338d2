/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/decode/blocks.h"
#include "ingest/base/must.h"
#include <stdint.h>

/* Stands before each block; 16 bytes so that the block stays aligned. */
struct header {
    unsigned class;
    unsigned pad[3];
};

#define CLASS_SMALLEST 6u /* 64 bytes: one cache line, with the header */

bool blocks_init(struct blocks *blocks, size_t size)
{
    MUST(size > 0);
    *blocks = (struct blocks){0};
    return arena_init(&blocks->arena, size);
}

void blocks_done(struct blocks *blocks)
{
    arena_done(&blocks->arena);
}

void blocks_reset(struct blocks *blocks)
{
    MUST(blocks != NULL);
    memset(blocks->free, 0, sizeof(blocks->free));
    arena_reset(&blocks->arena);
}

static unsigned class_of(size_t bytes)
{
    unsigned class = CLASS_SMALLEST;
    while (((size_t)1 << class) < bytes) {
        class ++;
    }
    MUST(class < BLOCKS_CLASSES);
    return class;
}

void *blocks_take(struct blocks *blocks, size_t size)
{
    if (size > blocks->arena.size - sizeof(struct header)) {
        return NULL;
    }
    unsigned class = class_of(size + sizeof(struct header));
    void *block = blocks->free[class];
    if (block != NULL) {
        memcpy(&blocks->free[class], block, sizeof(void *)); /* the next one of the list */
        return block;
    }
    char *at = arena_bytes(&blocks->arena, (size_t)1 << class);
    if (at == NULL) {
        return NULL;
    }
    struct header header = {.class = class};
    memcpy(at, &header, sizeof(header));
    return at + sizeof(header);
}

void blocks_give(struct blocks *blocks, void *block)
{
    if (block == NULL) {
        return;
    }
    struct header header;
    memcpy(&header, (char *)block - sizeof(header), sizeof(header));
    MUST(header.class >= CLASS_SMALLEST && header.class < BLOCKS_CLASSES);
    memcpy(block, &blocks->free[header.class], sizeof(void *));
    blocks->free[header.class] = block;
}
