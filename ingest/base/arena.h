/* SPDX-License-Identifier: Apache-2.0 */
/* arena — memory that is given back all at once.
 *
 *   base                used            high            size
 *    |#### allocated ####|...............|...............|
 *                        ^ next           ^ most ever used since the pages were returned
 *
 * One fixed span of address space; allocation moves a mark. The size is the security limit of
 * whatever is built inside: nothing an input does can take more. When it is full, allocation gives
 * NULL and sets `exhausted`, which stays set until the reset: a stage may make many small
 * allocations that tolerate NULL, and its caller asks once, at the end, whether memory ran out.
 *
 * Rejected: a chain of chunks (no hard limit, pointers hop), malloc with a destructor list (one
 * free per object, and a leak for each one forgotten).
 *
 * Owner: one thread at a time. Nothing in an arena is freed singly.
 */
#pragma once
#include "ingest/base/slice.h"
#include <stdint.h>

struct arena {
    char *base;
    size_t size; /* bytes, multiple of the page size */
    size_t used;
    size_t high;
    bool exhausted; /* an allocation failed since the last reset */
};

/* Maps `size` bytes (rounded up to pages) without touching them: physical memory comes with use.
 * False when the address space cannot be had. Pair with arena_done. */
bool arena_init(struct arena *arena, size_t size);
void arena_done(struct arena *arena);

/* Borrows `size` bytes at `base`, which must outlive the arena; arena_done must not be called. */
void arena_over(struct arena *arena, void *base, size_t size);

/* Forgets everything in it. Pages past ARENA_KEEP_BYTES go back to the kernel. */
void arena_reset(struct arena *arena);

/* Gives zeroed, 16-byte aligned bytes, valid until the reset; NULL when full. */
void *arena_alloc(struct arena *arena, size_t size);

/* As arena_alloc, but not zeroed: for what is filled whole. */
void *arena_alloc_raw(struct arena *arena, size_t size);

/* As arena_alloc for `count` objects; NULL also when the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* As arena_alloc, but neither aligned nor zeroed: for text that is filled at once. */
char *arena_bytes(struct arena *arena, size_t size);

/* Borrows the free end, `*room` bytes that are not taken: for output of unknown length. What was
 * written is then taken by arena_bytes, which gives this same address. */
char *arena_rest(const struct arena *arena, size_t *room);

/* Tells that up to `size` bytes of the rest were written and are not taken after all. */
void arena_rest_spoiled(struct arena *arena, size_t size);

/* Copies; the empty slice when full (see `exhausted`). */
struct slice arena_copy(struct arena *arena, struct slice text);

/* Formats into the arena; cut at 4 KiB; the empty slice when full. */
struct slice arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A copy with a terminating NUL; NULL when full. Bytes after an inner NUL are not seen by C. */
const char *arena_str(struct arena *arena, struct slice text);

/* Joins parts in order without separators. */
struct slice arena_concat(struct arena *arena, const struct slice *parts, size_t count);

/* Typed: one zeroed object, or an array. */
#define ARENA_NEW(arena, type)          ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, count, type) ((type *)arena_array((arena), (count), sizeof(type)))
