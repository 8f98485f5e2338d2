/* SPDX-License-Identifier: Apache-2.0 */
#include "ingest/base/arena.h"
#include "ingest/base/limits.h"
#include "ingest/base/must.h"
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

#define PAGE_BYTES 4096u
#define ALIGNMENT  16u

bool arena_init(struct arena *arena, size_t size)
{
    size_t rounded = (size + PAGE_BYTES - 1) & ~(size_t)(PAGE_BYTES - 1);
    MUST(rounded >= size);
    void *base = mmap(NULL, rounded, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) {
        return false;
    }
    *arena = (struct arena){.base = base, .size = rounded};
    return true;
}

void arena_done(struct arena *arena)
{
    if (arena->base != NULL) {
        MUST(munmap(arena->base, arena->size) == 0);
    }
    *arena = (struct arena){0};
}

void arena_over(struct arena *arena, void *base, size_t size)
{
    MUST(base != NULL || size == 0);
    *arena = (struct arena){.base = base, .size = size};
}

void arena_reset(struct arena *arena)
{
    MUST(arena->used <= arena->high && arena->high <= arena->size);
    if (arena->high > ARENA_KEEP_BYTES) {
        uintptr_t from = ((uintptr_t)arena->base + ARENA_KEEP_BYTES + PAGE_BYTES - 1) &
                         ~(uintptr_t)(PAGE_BYTES - 1);
        uintptr_t to = ((uintptr_t)arena->base + arena->size) & ~(uintptr_t)(PAGE_BYTES - 1);
        if (to > from) {
            (void)madvise((void *)from, to - from, MADV_DONTNEED); /* advice: may be refused */
        }
        arena->high = ARENA_KEEP_BYTES;
    }
    arena->used = 0;
    arena->exhausted = false;
}

static char *take(struct arena *arena, size_t start, size_t size)
{
    MUST(arena->used <= arena->size);
    if (start > arena->size || size > arena->size - start) {
        arena->exhausted = true;
        return NULL;
    }
    arena->used = start + size;
    if (arena->used > arena->high) {
        arena->high = arena->used;
    }
    return arena->base + start;
}

void *arena_alloc_raw(struct arena *arena, size_t size)
{
    size_t start = (arena->used + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    return take(arena, start, size);
}

void *arena_alloc(struct arena *arena, size_t size)
{
    void *at = arena_alloc_raw(arena, size);
    return at != NULL ? memset(at, 0, size) : NULL;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
    MUST(size != 0);
    if (count > SIZE_MAX / size) {
        arena->exhausted = true;
        return NULL;
    }
    return arena_alloc(arena, count * size);
}

char *arena_bytes(struct arena *arena, size_t size)
{
    return take(arena, arena->used, size);
}

char *arena_rest(const struct arena *arena, size_t *room)
{
    MUST(arena->used <= arena->size);
    *room = arena->size - arena->used;
    return arena->base + arena->used;
}

void arena_rest_spoiled(struct arena *arena, size_t size)
{
    MUST(size <= arena->size - arena->used);
    if (arena->used + size > arena->high) {
        arena->high = arena->used + size;
    }
}

struct slice arena_copy(struct arena *arena, struct slice text)
{
    return arena_concat(arena, &text, 1);
}

struct slice arena_concat(struct arena *arena, const struct slice *parts, size_t count)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++) {
        total += parts[i].len;
    }
    char *at = arena_bytes(arena, total);
    if (at == NULL || total == 0) {
        return (struct slice){NULL, 0};
    }
    char *to = at;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].len != 0) {
            memcpy(to, parts[i].at, parts[i].len);
            to += parts[i].len;
        }
    }
    MUST(to == at + total);
    return slice_of(at, total);
}

struct slice arena_printf(struct arena *arena, const char *format, ...)
{
    char text[4096];
    MUST(format != NULL);
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    MUST(length >= 0);
    size_t kept = (size_t)length < sizeof(text) ? (size_t)length : sizeof(text) - 1;
    return arena_copy(arena, slice_of(text, kept));
}

const char *arena_str(struct arena *arena, struct slice text)
{
    MUST(text.at != NULL || text.len == 0);
    char *at = arena_bytes(arena, text.len + 1);
    if (at == NULL) {
        return NULL;
    }
    if (text.len != 0) {
        memcpy(at, text.at, text.len);
    }
    at[text.len] = '\0';
    return at;
}
